#pragma once

#include <filesystem>
#include <future>
#include <optional>

#include "app/gl/file_drag.h"
#include "app/gl/x11_connection.h"
#include "app/gl/x11_offer.h"
#include "engine/base/error.h"

namespace kiln {

// Drags a file out of a window onto another program's (XDND 5). The window that the button went down in keeps the pointer, so that
// this one looks where it is instead. For one file after another.
class X11Drag {
 public:
  // `own`: this program's window, which is no goal.
  X11Drag(X11Connection& x11, xcb_window_t own) : x11_(x11), own_(own) {}

  // `write` is called on another thread once the pointer is over a goal. The drag ends when the left button is let go of.
  void begin(DragFile write);
  void cancel();
  void take(const xcb_generic_event_t& event, double now_s);
  // Looks at the pointer. When to call it again; below 0: not.
  double tick(double now_s);

  DragPlace place() const;
  std::optional<Error> take_problem();  // why the file could not be written
  std::optional<std::filesystem::path> take_dropped();

 private:
  enum class Phase { kIdle, kDragging, kReleased, kDropped };
  struct Goal {
    xcb_window_t window = XCB_NONE, receiver = XCB_NONE;  // the second gets the messages
    std::uint32_t version = 0;
    friend bool operator==(const Goal&, const Goal&) = default;
  };
  Goal goal_at(xcb_window_t window) const;
  void look();
  bool file_is_there();
  void enter(const Goal& goal);
  void leave();
  void go_on(double now_s);
  void tell_position(double now_s);
  void tell(const char* message, std::initializer_list<std::uint32_t> data);
  void end(Phase phase);

  X11Connection& x11_;
  xcb_window_t own_;
  X11Offer offer_{x11_, "XdndSelection"};
  Phase phase_ = Phase::kIdle;
  DragFile write_;
  std::future<Result<std::filesystem::path>> writing_;
  std::filesystem::path file_;  // once it is there
  Goal under_, goal_;           // what the pointer is over, and what was told
  int x_ = 0, y_ = 0;           // of the pointer, on the screen
  int told_x_ = -1, told_y_ = -1;
  bool awaits_ = false;    // the answer to a position
  bool accepted_ = false;  // as answered last
  double asked_s_ = 0;     // when the goal was last told something
  std::optional<Error> problem_;
  std::optional<std::filesystem::path> dropped_;
};

}  // namespace kiln
