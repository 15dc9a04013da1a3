#pragma once

#include <optional>

#include "engine/base/error.h"

namespace kiln {

// What shows the window, as far as images to and from other programs depend on it.
struct WindowSystem {
  unsigned long x11_window = 0;  // this program's; 0: it is one of Wayland's
  bool can_be_x11 = false;       // this GLFW opens windows of either kind
};

enum class ImageWay { kCopy, kPaste, kDrag };

// Why no image can go that way, and what to do instead (kUnsupported); nothing on X11. Elsewhere GLFW copies and pastes text alone.
std::optional<Error> why_no_images(const WindowSystem& system, ImageWay way);

}  // namespace kiln
