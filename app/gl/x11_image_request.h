#pragma once

#include <cstddef>
#include <optional>

#include "app/gl/x11_connection.h"
#include "engine/base/error.h"

namespace kiln {

// Asks the program that owns the clipboard for its image: which types it has, then the one that is best (ICCCM 2.4, 2.7.2).
class X11ImageRequest {
 public:
  static constexpr std::size_t kMostBytes = std::size_t{64} << 20;
  static constexpr double kPatience_s = 2;  // in which something must come

  explicit X11ImageRequest(X11Connection& x11) : x11_(x11) {}

  // Gives up one that is under way.
  void begin(double now_s);
  void take(const xcb_generic_event_t& event, double now_s);
  // When to call it again; below 0: not.
  double tick(double now_s);
  // A PNG's or BMP's bytes, or why there are none: kNotFound (no image), kUnsupported (no answer, too large). Once for each
  // begin().
  std::optional<Result<Bytes>> take_result();

 private:
  enum class Waits { kNot, kForTypes, kForImage, kForPieces };
  void ask_for(xcb_atom_t type, Waits waits, double now_s);
  void take_answer(const xcb_selection_notify_event_t& answer, double now_s);
  void take_piece(double now_s);
  void choose_type(const Bytes& types, double now_s);
  void add(const X11Property& piece);
  void end(Result<Bytes> result);
  void end_without(ErrorCode code, const char* message, const char* hint);

  X11Connection& x11_;
  Waits waits_ = Waits::kNot;
  unsigned number_ = 0;  // of the request: a late answer to one that was given up lies in another property
  xcb_atom_t property_ = XCB_NONE, type_ = XCB_NONE;
  double moved_s_ = 0;
  Bytes bytes_;
  std::optional<Result<Bytes>> result_;
};

}  // namespace kiln
