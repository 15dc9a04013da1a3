#include "app/gl/window_system.h"

#include <string>

namespace kiln {
namespace {

const char* message_of(ImageWay way) {
  switch (way) {
    case ImageWay::kCopy:
      return "on Wayland only text can be copied, no images";
    case ImageWay::kPaste:
      return "on Wayland only text can be pasted, no images";
    case ImageWay::kDrag:
      break;
  }
  return "on Wayland sprites cannot be dragged to other programs";
}

}  // namespace

std::optional<Error> why_no_images(const WindowSystem& system, ImageWay way) {
  if (system.x11_window != 0) return std::nullopt;
  const std::string instead = way == ImageWay::kPaste ? "drop the image's file on the window" : "export the sprite";
  // GLFW chooses by that variable, and the desktop's XWayland shows what is chosen so.
  const char* x11 = system.can_be_x11 ? "start the program with XDG_SESSION_TYPE=x11 set" : "install a GLFW for X11 (libglfw3)";
  return Error{ErrorCode::kUnsupported, message_of(way), instead + ", or " + x11, ""};
}

}  // namespace kiln
