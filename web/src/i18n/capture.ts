import type { Words } from "./index";

/** Photo, voice note and sketch at a door. */
export const CAPTURE = {
  photo: ["Chụp ảnh", "Take a photo"],
  voice: ["Ghi âm lời kể", "Voice note"],
  sketch: ["Vẽ sơ đồ", "Sketch"],
  photoWarn: [
    "Chỉ chụp sự việc: đường, nước, rác, điện… Không chụp mặt người, trẻ em, giấy tờ. Vị trí trong ảnh được xóa.",
    "Only the matter: road, water, waste, wires… No faces, children, papers. The place is removed from the photo.",
  ],
  voiceWarn: [
    "Xin phép người dân trước khi ghi âm. Tối đa {n} phút.",
    "Ask the resident before recording. {n} minutes at most.",
  ],
  working: ["Đang thu nhỏ ảnh…", "Making the photo smaller…"],
  badPhoto: ["Không mở được ảnh này. Hãy chụp lại.", "This photo cannot be opened. Take it again."],
  preview: ["Ảnh vừa chụp", "The photo just taken"],
  keep: ["Giữ lại", "Keep"],
  retake: ["Chụp lại", "Take again"],
  discard: ["Bỏ đi", "Discard"],
  start: ["Bắt đầu ghi âm", "Start recording"],
  starting: ["Đang xin quyền dùng micro…", "Asking for the microphone…"],
  recording: ["ĐANG GHI ÂM", "RECORDING"],
  stop: ["Dừng ghi", "Stop"],
  time: ["{t} trên {of}", "{t} of {of}"],
  listen: ["Nghe lại trước khi giữ", "Listen before keeping"],
  full: ["Đã đủ {n} phút, máy tự dừng.", "{n} minutes are full, it stopped by itself."],
  hidden: [
    "Máy dừng ghi vì màn hình đã tắt hoặc ứng dụng khác mở lên. Phần đã ghi vẫn còn.",
    "It stopped because the screen went off or another app came up. What was recorded is here.",
  ],
  micRefused: [
    "Chưa được phép dùng micro. Chạm biểu tượng ổ khóa cạnh địa chỉ (hoặc Cài đặt › Ứng dụng › trình duyệt › " +
      "Quyền), bật Micro, rồi thử lại. Trong lúc đó hãy ghi bằng chữ.",
    "The microphone is not allowed. Touch the padlock beside the address (or Settings › Apps › browser › " +
      "Permissions), allow the microphone, and try again. Until then write it down.",
  ],
  micMissing: [
    "Máy này không có micro dùng được. Hãy ghi bằng chữ.",
    "This phone has no microphone to use. Write it down.",
  ],
  micBusy: [
    "Ứng dụng khác đang dùng micro (cuộc gọi, Zalo…). Hãy đóng lại rồi thử lại.",
    "Another app uses the microphone (a call, Zalo…). Close it and try again.",
  ],
  micNever: ["Trình duyệt này không ghi âm được. Hãy ghi bằng chữ.", "This browser cannot record. Write it down."],
  micEmpty: ["Không ghi được tiếng nào. Hãy thử lại.", "Nothing was recorded. Try again."],
  pad: [
    "Khung vẽ: dùng ngón tay hoặc chuột. Không vẽ được thì hãy tả bằng chữ.",
    "Drawing area: use a finger or the mouse. If you cannot draw, describe it in words.",
  ],
  padFull: ["Hình quá nhiều nét. Hãy bỏ bớt rồi giữ lại.", "Too much is drawn. Undo some and keep it."],
  undo: ["Bỏ nét cuối", "Undo"],
  wipe: ["Vẽ lại từ đầu", "Start over"],
  black: ["Nét đen", "Black"],
  red: ["Nét đỏ", "Red"],
  cancel: ["Đóng", "Close"],
  k_photo: ["Ảnh", "Photo"],
  k_voice: ["Ghi âm", "Voice note"],
  k_sketch: ["Hình vẽ", "Sketch"],
  kept: ["Đã giữ trong máy", "Kept on this phone"],
  remove: ["Xóa {k} lúc {t}", "Remove {k} of {t}"],
  sure: ["Xóa hẳn?", "Remove for good?"],
  yes: ["Xóa", "Remove"],
  no: ["Không", "No"],
} as const satisfies Words;
export type CaptureT = (key: keyof typeof CAPTURE, values?: Record<string, string | number>) => string;
