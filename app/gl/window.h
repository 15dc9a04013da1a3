#pragma once

#include <string>
#include <vector>

#include "app/gl/window_system.h"

struct GLFWwindow;

namespace kiln {

struct Size {
  int width = 0;
  int height = 0;
  friend bool operator==(const Size&, const Size&) = default;
};

struct Position {
  int x = 0;
  int y = 0;
  friend bool operator==(const Position&, const Position&) = default;
};

// One window with an OpenGL 3.3 core context that is current on the thread that made it. One at a time per program.
class Window {
 public:
  // `position` may be null: the desktop decides. Throws Failure(kUnsupported) without a display or OpenGL 3.3.
  Window(const std::string& title, Size size, const Position* position);
  ~Window();
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;

  GLFWwindow* handle() const { return handle_; }
  WindowSystem system() const;
  bool should_close() const;
  Size size() const;            // in window pixels
  Size framebuffer() const;     // in framebuffer pixels
  float pixel_ratio() const;    // framebuffer pixels a window pixel
  float content_scale() const;  // how much larger than designed things should be, in window pixels
  // After swap() the back buffer still holds what was shown (software drawing on X11).
  bool keeps_back_buffer() const { return keeps_back_buffer_; }
  void close();      // should_close() is true from now on
  void stay_open();  // and no more
  void hide();
  void swap();

  // Sleeps until there is input or a wake-up, at most `timeout_s` (below 0: for ever), and takes all input.
  void wait(double timeout_s);
  // True if anything came from the user or the desktop since the last call; wake() is not counted.
  bool take_input();
  // True if the artist has come back from another window since the last call.
  bool take_focus();
  // Files and folders dropped on the window since the last call.
  std::vector<std::string> take_dropped();

  // Ends a wait() early; from any thread while the window lives.
  static void wake();

 private:
  static Window& of(GLFWwindow* handle);
  void watch_input();

  GLFWwindow* handle_ = nullptr;
  bool input_ = true;
  bool focused_ = false;
  bool keeps_back_buffer_ = false;
  std::vector<std::string> dropped_;
};

}  // namespace kiln
