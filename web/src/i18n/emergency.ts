import type { Words } from "./index";

/**
 * The emergency sheet of the field app. The routed texts say the same as binhan/casework/listening/rules.py (DESKS).
 */
export const EMERGENCY = {
  open: ["Khẩn cấp", "Emergency"],
  title: ["Khẩn cấp – gọi ngay", "Emergency – call now"],
  shut: ["Đóng", "Close"],
  sos: ["SOS – báo bàn trực phường", "SOS – alert the ward's desk"],
  sosHint: ["Mở được cả khi không có mạng", "Opens without a network too"],
  call: ["Gọi {n}", "Call {n}"],
  n113: ["Công an", "Police"],
  n114: ["Cháy, cứu nạn", "Fire, rescue"],
  n115: ["Cấp cứu", "Ambulance"],
  n111: ["Trẻ em", "Children"],
  n112: ["Thiên tai", "Disaster"],
  domestic_violence: ["Bạo lực gia đình", "Domestic violence"],
  child_abuse: ["Trẻ em bị xâm hại, bạo lực", "A child is harmed"],
  dv1: [
    "Không hòa giải, không hỏi trước mặt người gây bạo lực.",
    "Never mediate, never ask in front of the violent person.",
  ],
  dv2: ["Đang nguy hiểm: gọi 113. Giữ an toàn cho mình trước.", "In danger: call 113. Keep yourself safe first."],
  dv3: [
    "Chuyển Công an phường và Hội Phụ nữ theo luật.",
    "Hand over to the ward police and the Women's Union, as the law says.",
  ],
  ca1: ["Không hòa giải, không tự hỏi cung trẻ.", "Never mediate, do not question the child yourself."],
  ca2: ["Gọi 111 (bảo vệ trẻ em); đang nguy hiểm: gọi 113.", "Call 111 (child protection); in danger: 113."],
  nothing: [
    "Không ghi gì vào máy. Mở trang này không để lại dấu vết trong ứng dụng.",
    "Write nothing down. Opening this leaves no trace in the app.",
  ],
  noSignal: [
    "Không có sóng vẫn gọi khẩn cấp được nếu máy bắt được mạng bất kỳ.",
    "Emergency calls can work on any network the phone finds.",
  ],
} as const satisfies Words;
export type EmergencyT = (key: keyof typeof EMERGENCY, values?: Record<string, string | number>) => string;
