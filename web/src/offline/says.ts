/** What the offline core tells people: Vietnamese first. */
export interface Said {
  vi: string;
  en: string;
}
const say = (vi: string, en: string): Said => ({ vi, en });

export const SAYS = {
  offline: say(
    "Chưa có mạng. Mọi thứ đã ghi nằm an toàn trong máy và tự gửi khi có mạng.",
    "No network. What was written is safe on this phone and goes by itself when there is one.",
  ),
  signIn: say(
    "Phiên đăng nhập đã hết. Hãy đăng nhập lại; những gì đã ghi vẫn còn trong máy.",
    "The login has ended. Sign in again; what was written stays on this phone.",
  ),
  other: say(
    "Trình duyệt đang đăng nhập bằng tài khoản khác. Hãy đăng nhập đúng tài khoản của mình để gửi.",
    "The browser is signed in as somebody else. Sign in as yourself to send.",
  ),
  full: say(
    "Bộ nhớ máy đã đầy. Phần đang ghi được giữ; bớt ảnh hoặc ứng dụng khác rồi tải lại danh sách.",
    "The phone's storage is full. What is being written is kept; free some space, then load the list again.",
  ),
  notKept: say(
    "Bộ nhớ máy đã đầy: chưa lưu được phần vừa ghi. Đừng đóng trang này; xóa bớt ảnh hoặc ứng dụng.",
    "The phone's storage is full: the latest words are not saved yet. Do not close this page; free some space.",
  ),
  budget: say(
    "Phần chọn vượt mức một máy được mang. Danh sách cũ vẫn giữ nguyên; hãy chọn ít cụm hơn.",
    "That is more than one phone may carry. The old list stays; choose fewer turfs.",
  ),
  notYours: say(
    "Có cụm không còn giao cho tổ của bạn; cụm ấy đã được bỏ khỏi danh sách.",
    "A turf is no longer your team's; it was taken off the list.",
  ),
  refused: say(
    "Máy chủ không nhận máy này. Hãy báo cán bộ phụ trách; những gì đã ghi vẫn còn.",
    "The server does not accept this phone. Tell the office; what was written is kept.",
  ),
  server: say("Máy chủ đang bận. Máy sẽ tự gửi lại.", "The server is busy. The phone will try again."),
  wrongPins: say(
    "Sai mã PIN quá nhiều lần: dữ liệu trên máy này đã được xóa. Phần đã gửi vẫn còn ở phường.",
    "Too many wrong PINs: the data on this phone was erased. What had been sent is safe at the ward.",
  ),
  ordered: say(
    "Theo yêu cầu của phường, dữ liệu trên máy này đã được xóa.",
    "The ward ordered this phone's data erased.",
  ),
  insecure: say(
    "Địa chỉ này bắt đầu bằng http:// nên trình duyệt không cho khóa dữ liệu. Hãy mở bằng địa chỉ https:// của " +
      "phường; hỏi người quản trị nếu chưa có.",
    "This address begins with http://, where a browser does not let data be locked. Open the ward's https:// " +
      "address; ask the administrator for it.",
  ),
  outdated: say("Ứng dụng đã có bản mới. Hãy tải lại trang.", "There is a newer version. Load the page again."),
  broken: say(
    "Bộ nhớ của máy gặp lỗi. Hãy tải lại trang; nếu còn lỗi, lưu tệp khôi phục và báo cán bộ phụ trách.",
    "This phone's storage failed. Load the page again; if it goes on, save the recovery file and tell the office.",
  ),
  damaged: say(
    "Một phần dữ liệu trong máy bị hỏng và không đọc được.",
    "Some of what was stored on this phone is damaged and cannot be read.",
  ),
  unsent: say("Còn thứ chưa gửi: chưa thể rời máy.", "Something is still unsent: you cannot leave yet."),
  hasVault: say(
    "Bạn đã có dữ liệu chưa gửi trên máy này. Hãy mở bằng mã PIN.",
    "You have unsent data on this phone. Open it with your PIN.",
  ),
  noSession: say("Hãy đăng nhập trước.", "Sign in first."),
  locked: say("Đã khóa. Hãy nhập mã PIN.", "Locked. Enter your PIN."),
  pinShape: say("Mã PIN không đúng số chữ số.", "The PIN does not have the right number of digits."),
  notExport: say(
    "Tệp này không phải tệp khôi phục, hoặc mã PIN không đúng.",
    "This is not a recovery file, or the PIN is wrong.",
  ),
  otherMember: say("Tệp này là của người khác.", "This file is somebody else's."),
} satisfies Record<string, Said>;

/** After several wrong PINs the next try is looked at only after a while. */
export const waitFirst = (seconds: number): Said =>
  say(
    `Mã PIN hiện nay sai nhiều lần. Chưa đổi gì; hãy chờ ${seconds} giây rồi thử lại.`,
    `The present PIN was wrong several times. Nothing is changed; wait ${seconds} s, then try again.`,
  );

/** An error that a screen may show as it is. */
export class Told extends Error {
  constructor(readonly said: Said) {
    super(said.vi);
  }
}
