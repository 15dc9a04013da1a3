#include "app/gl/x11_drag.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "app/gl/file_uri.h"

namespace kiln {
namespace {

constexpr std::uint32_t kVersion = 5, kOldestVersion = 3;
constexpr double kLook_s = 0.008;
constexpr double kPatience_s = 2;       // for an answer to a position
constexpr double kDropPatience_s = 10;  // for the other program's end
constexpr int kDeepest = 32;            // windows in windows

}  // namespace

void X11Drag::begin(DragFile write) {
  if (phase_ == Phase::kDragging || phase_ == Phase::kReleased) return;
  write_ = std::move(write);
  writing_ = {};
  file_.clear();
  goal_ = under_ = {};
  phase_ = Phase::kDragging;
}

void X11Drag::cancel() {
  if (phase_ == Phase::kIdle || phase_ == Phase::kDropped) return;
  leave();
  end(Phase::kIdle);
}

void X11Drag::end(Phase phase) {
  phase_ = phase;
  write_ = {};
  awaits_ = accepted_ = false;
  if (phase == Phase::kIdle) offer_.end();
}

DragPlace X11Drag::place() const {
  if (phase_ == Phase::kIdle || phase_ == Phase::kDropped || goal_.window == XCB_NONE) return DragPlace::kNowhere;
  return accepted_ ? DragPlace::kAccepted : DragPlace::kRefused;
}

std::optional<Error> X11Drag::take_problem() { return std::exchange(problem_, std::nullopt); }

std::optional<std::filesystem::path> X11Drag::take_dropped() { return std::exchange(dropped_, std::nullopt); }

// A window may have its messages sent to another one, which must say the same of itself.
X11Drag::Goal X11Drag::goal_at(xcb_window_t window) const {
  Goal goal{window, window, 0};
  const xcb_atom_t proxy = x11_.atom("XdndProxy");
  if (const auto named = x11_.values(window, proxy); !named.empty()) {
    const auto again = x11_.values(named.front(), proxy);
    if (!again.empty() && again.front() == named.front()) goal.receiver = named.front();
  }
  const auto version = x11_.values(goal.receiver, x11_.atom("XdndAware"));
  if (version.empty() || version.front() < kOldestVersion) return {};
  goal.version = std::min(version.front(), kVersion);
  return goal;
}

// From the screen's window down to the one that takes drops.
void X11Drag::look() {
  under_ = {};
  xcb_window_t window = x11_.root();
  for (int depth = 0; depth < kDeepest && window != XCB_NONE && window != own_; ++depth) {
    const X11Memory<xcb_query_pointer_reply_t> pointer(
        xcb_query_pointer_reply(x11_.get(), xcb_query_pointer(x11_.get(), window), nullptr));
    if (!pointer || !pointer->same_screen) return;
    if (depth == 0) {
      x_ = std::max<int>(pointer->root_x, 0);
      y_ = std::max<int>(pointer->root_y, 0);
      if ((pointer->mask & XCB_BUTTON_MASK_1) == 0) phase_ = Phase::kReleased;
    }
    if (under_ = goal_at(window); under_.window != XCB_NONE) return;
    window = pointer->child;
  }
}

bool X11Drag::file_is_there() {
  if (!file_.empty()) return true;
  if (!writing_.valid()) {
    writing_ = std::async(std::launch::async, [write = write_]() -> Result<std::filesystem::path> {
      try {
        return write();
      } catch (const Failure& failure) {
        return failure.error();
      }
    });
  }
  if (writing_.wait_for(std::chrono::seconds(0)) != std::future_status::ready) return false;
  const auto written = writing_.get();
  if (!written) {
    problem_ = written.error();
    end(Phase::kIdle);
    return false;
  }
  const std::string uri = file_uri(written.value()) + "\r\n";
  if (!offer_.begin({{"text/uri-list", Bytes(uri.begin(), uri.end())}})) {
    end(Phase::kIdle);
    return false;
  }
  file_ = written.value();
  return true;
}

double X11Drag::tick(double now_s) {
  const double transfers = offer_.tick(now_s);
  if (phase_ == Phase::kIdle) return transfers;
  if (phase_ == Phase::kDropped) {
    if (now_s >= asked_s_ + kDropPatience_s) end(Phase::kIdle);
    return asked_s_ + kDropPatience_s;
  }
  if (phase_ == Phase::kDragging) look();
  if (under_.window == XCB_NONE) {
    leave();
    if (phase_ == Phase::kReleased) end(Phase::kIdle);
  } else if (file_is_there()) {
    go_on(now_s);
  }
  return phase_ == Phase::kIdle ? -1 : now_s + kLook_s;
}

// Over a goal, with the file there.
void X11Drag::go_on(double now_s) {
  if (under_ != goal_) {
    leave();
    enter(under_);
  }
  const bool waited_in_vain = awaits_ && now_s >= asked_s_ + kPatience_s;
  if (awaits_ && !waited_in_vain) return;
  if (!waited_in_vain && (x_ != told_x_ || y_ != told_y_)) return tell_position(now_s);
  if (phase_ != Phase::kReleased) return;
  if (waited_in_vain || !accepted_) {
    leave();
    return end(Phase::kIdle);
  }
  tell("XdndDrop", {x11_.window(), 0, offer_.since()});
  asked_s_ = now_s;
  dropped_ = file_;
  end(Phase::kDropped);
}

void X11Drag::enter(const Goal& goal) {
  goal_ = goal;
  told_x_ = told_y_ = -1;
  awaits_ = accepted_ = false;
  tell("XdndEnter", {x11_.window(), goal.version << 24, x11_.atom("text/uri-list")});
}

void X11Drag::leave() {
  if (goal_.window != XCB_NONE) tell("XdndLeave", {x11_.window()});
  goal_ = {};
  awaits_ = accepted_ = false;
}

void X11Drag::tell_position(double now_s) {
  told_x_ = x_;
  told_y_ = y_;
  awaits_ = true;
  asked_s_ = now_s;
  const std::uint32_t at = static_cast<std::uint32_t>(x_) << 16 | static_cast<std::uint32_t>(y_);
  tell("XdndPosition", {x11_.window(), 0, at, offer_.since(), x11_.atom("XdndActionCopy")});
}

void X11Drag::tell(const char* message, std::initializer_list<std::uint32_t> data) {
  x11_.send(goal_.receiver, goal_.window, x11_.atom(message), data);
}

void X11Drag::take(const xcb_generic_event_t& event, double now_s) {
  offer_.take(event, now_s);
  if (type_of(event) != XCB_CLIENT_MESSAGE) return;
  const auto& message = event_as<xcb_client_message_event_t>(event);
  if (message.format != 32 || message.data.data32[0] != goal_.window) return;
  if (message.type == x11_.atom("XdndStatus")) {
    awaits_ = false;
    accepted_ = (message.data.data32[1] & 1) != 0;
  } else if (message.type == x11_.atom("XdndFinished") && phase_ == Phase::kDropped) {
    end(Phase::kIdle);
  }
}

}  // namespace kiln
