import type { Words } from "./index";

export const PATROL = {
  title: ["Tuần tra – Bình An", "Patrol – Bình An"], demo: ["DỮ LIỆU MẪU – không phải nhiệm vụ thật", "SAMPLE DATA – not a real task"],
  choose: ["Hôm nay đi với tổ nào?", "Which unit today?"], start: ["Vào ca", "Go on shift"], end: ["Hết ca", "End shift"],
  endAsk: ["Kết thúc ca? Vị trí sẽ ngừng chia sẻ.", "End the shift? Your position will no longer be shared."], yes: ["Đồng ý", "Yes"], no: ["Quay lại", "Back"],
  noUnits: ["Phường chưa có tổ tuần tra. Quản trị thêm ở trang Văn phòng.", "No units yet. The administrator adds them in the office."],
  ready: ["Kiểm tra máy trước khi đi", "Check the phone before you go"], test: ["Thử chuông và rung", "Test sound and vibration"], heard: ["Đã nghe, đã rung", "Heard and felt"],
  r_sound: ["Chuông", "Sound"], r_push: ["Thông báo khi tắt màn hình", "Notices with the screen off"], r_gps: ["Vị trí", "Position"], r_wake: ["Giữ màn hình sáng", "Keep the screen on"], r_battery: ["Pin", "Battery"],
  turnOn: ["Bật", "Turn on"], good: ["tốt", "good"], off: ["chưa bật", "off"], low: ["yếu – mang sạc", "low – bring a charger"], cannot: ["máy này không hỗ trợ", "not supported here"],
  online: ["Trực tuyến", "Online"], offline: ["Mất mạng – thao tác được lưu, tự gửi lại", "No network – actions are kept and sent later"], connecting: ["Đang nối…", "Connecting…"],
  free: ["Đang sẵn sàng. Nhiệm vụ mới sẽ đổ chuông.", "Ready. A new task will ring."], offer: ["NHIỆM VỤ MỚI", "NEW TASK"], left: ["còn {n} giây", "{n} s left"], late: ["quá hạn trả lời – vẫn nhận được", "late – can still be accepted"],
  accept: ["NHẬN", "ACCEPT"], decline: ["Từ chối", "Decline"], depart: ["ĐANG ĐI", "EN ROUTE"], arrive: ["TỚI NƠI", "ON SCENE"], finish: ["XONG VIỆC", "FINISHED"],
  why: ["Vì sao từ chối?", "Why?"], why1: ["Đang bận việc khác", "Busy"], why2: ["Ở quá xa", "Too far"], why3: ["Hỏng xe", "Vehicle broken"], why4: ["Lý do khác", "Other"],
  offered: ["đang mời", "offered"], accepted: ["đã nhận", "accepted"], en_route: ["đang đi", "en route"], on_scene: ["đã tới", "on scene"],
  silent: ["TIẾP CẬN IM LẶNG: không còi, không gọi điện", "SILENT APPROACH: no siren, no calls"], cancelled: ["Người báo nói bấm nhầm hoặc đã an toàn – vẫn phải tới kiểm tra", "Reporter says mistake or safe – still check"], drill: ["DIỄN TẬP", "DRILL"],
  far: ["Cách {d} (đường chim bay), hướng {b}", "{d} away (straight line), towards {b}"], accuracy: ["vị trí ±{m}, cập nhật {t}", "position ±{m}, updated {t}"], noPosition: ["Chưa có vị trí người báo", "The reporter's position is not known"], noOwn: ["Máy chưa cho biết vị trí của bạn", "Your own position is not known"],
  openMap: ["Mở bản đồ của máy", "Open the phone's map"], note: ["Ghi chú kết quả", "Result note"], chat: ["Nhắn với trực ban và người báo", "Chat with the desk and reporter"], chatHint: ["Nhắn tin…", "Message…"], send: ["Gửi", "Send"],
  backup: ["GIỮ ĐỂ GỌI CHI VIỆN", "HOLD FOR BACKUP"], backupSent: ["Đã gọi chi viện lúc {t}", "Backup called at {t}"], unsent: ["{n} thao tác chưa gửi", "{n} actions not sent yet"],
  refused: ["Thao tác không còn phù hợp", "No longer possible"], mine: ["Bạn đã bấm: {v} lúc {t}", "You pressed: {v} at {t}"], theirs: ["Hệ thống: {s}", "The system says: {s}"], dismiss: ["Đã hiểu", "Understood"],
  fixSent: ["Vị trí gửi lúc {t}", "Position sent at {t}"], fixNone: ["Chưa gửi được vị trí", "No position sent yet"], fixKept: ["giữ {n} điểm chờ mạng", "{n} fixes wait for the network"],
  pair: ["Ghép máy định vị nền", "Pair a background tracker"], pairWhy: ["Khi tắt màn hình, trình duyệt không cho biết vị trí. Ghép Traccar Client hoặc OwnTracks để vị trí luôn được gửi.", "With the screen off a browser gives no position. Pair Traccar Client or OwnTracks so that it is always sent."],
  pair1: ["1. Cài Traccar Client, chọn “Quét mã QR” và quét mã này; hoặc nhập tay:", "1. Install Traccar Client, choose “Scan QR code” and scan this; or type:"], pair2: ["2. OwnTracks: chế độ HTTP, URL:", "2. OwnTracks: HTTP mode, URL:"], device: ["Mã máy", "Device identifier"], server: ["Máy chủ", "Server URL"], hide: ["Đóng", "Close"],
  taken: ["Nhiệm vụ đã đổi: {s}", "The task has changed: {s}"], lang: ["English", "Tiếng Việt"], unit: ["Tổ {u}", "Unit {u}"], at: ["Tại {p}", "At {p}"], office: ["Văn phòng", "Office"],
  n0: ["bắc", "north"], n1: ["đông bắc", "north-east"], n2: ["đông", "east"], n3: ["đông nam", "south-east"], n4: ["nam", "south"], n5: ["tây nam", "south-west"], n6: ["tây", "west"], n7: ["tây bắc", "north-west"],
} as const satisfies Words;
export type PatrolT = (key: keyof typeof PATROL, values?: Record<string, string | number>) => string;
