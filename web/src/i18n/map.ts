import type { Words } from "./index";

/** What the map of doors says, in the field and in the office. */
export const MAP = {
  map: ["Bản đồ các căn nhà", "Map of doors"],
  how: [
    "Phím mũi tên: dời bản đồ. Cộng, trừ: phóng to, thu nhỏ. Số 0: xem tất cả. Page Down, Page Up: căn sau, căn trước.",
    "Arrow keys move the map, plus and minus zoom, 0 shows all, Page Down and Page Up choose the next and " +
      "previous door.",
  ],
  zoomIn: ["Phóng to", "Zoom in"],
  zoomOut: ["Thu nhỏ", "Zoom out"],
  whole: ["Xem tất cả", "Show all"],
  own: ["Tới chỗ tôi đứng", "Go to where I stand"],
  legend: ["Chú giải", "Legend"],
  list: ["Danh sách {n} căn", "List of {n} doors"],
  more: ["Xem thêm {n} căn", "{n} more doors"],
  lost: ["{n} căn chưa có vị trí, chỉ có trong danh sách", "{n} doors have no position and are only in the list"],
  none: ["Chưa có căn nào trên bản đồ", "No doors on the map yet"],
  place: ["thứ {n}", "no. {n}"],
  chosen: ["Đang chọn: {d}", "Chosen: {d}"],
  noPosition: ["chưa có vị trí", "no position"],
  together: ["{n} căn cùng chỗ; bấm lần nữa để sang căn kế", "{n} doors at one spot; press again for the next one"],
  you: ["Chỗ tôi đứng", "Where I stand"],
  ward: ["Ranh giới phường", "Ward boundary"],
  area: ["Ranh giới khu phố", "Khu phố boundary"],
  route: ["Đường đi", "Route"],
  not_yet: ["Chưa tới", "Not yet visited"],
  reached: ["Đã gặp", "Reached"],
  refused: ["Không tiếp", "Refused"],
  come_back: ["Hẹn lại", "Come back"],
  not_home: ["Vắng nhà", "Not home"],
  vacant: ["Nhà trống", "Vacant"],
} as const satisfies Words;
export type MapT = (key: keyof typeof MAP, values?: Record<string, string | number>) => string;
