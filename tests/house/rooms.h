#pragma once

#include <array>
#include <string_view>

// The rooms of the house and their levels (the README's table says what lives in each).
struct Room {
  std::string_view path;
  int level;
  bool torch;  // may include torch headers
};

inline constexpr std::array kRooms{
    Room{"engine/base", 0, false},     Room{"engine/runtime", 1, false}, Room{"engine/formats", 1, false},
    Room{"engine/pixelart", 1, false}, Room{"engine/api", 1, false},     Room{"engine/diffusion", 2, true},
    Room{"engine/network", 2, true},   Room{"engine/data", 2, true},     Room{"engine/inference", 3, true},
    Room{"engine/training", 3, true},  Room{"engine/quality", 3, true},  Room{"engine/session", 4, true},
    Room{"app/gl", 5, false},          Room{"app/state", 5, false},      Room{"app/widgets", 6, false},
    Room{"app/panels", 7, false},      Room{"app/shell", 8, false},      Room{"app/cli", 8, false},
};

// The program's main function, above them all.
inline constexpr Room kMain{"app/main.cpp", 9, false};

// The room that a file belongs to, by its path from the repository root; null outside all rooms.
inline const Room* room_of(std::string_view file) {
  if (file == kMain.path) return &kMain;
  for (const Room& room : kRooms) {
    if (file.starts_with(room.path) && file.substr(room.path.size()).starts_with('/')) return &room;
  }
  return nullptr;
}
