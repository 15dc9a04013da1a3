#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "app/gl/x11_connection.h"

namespace kiln {

// The same thing as bytes of one type.
struct OfferedType {
  std::string name;  // "image/png"
  Bytes bytes;
};

// What this program holds out to others in a selection: owned until another program takes the selection over (ICCCM 2.1–2.7).
class X11Offer {
 public:
  X11Offer(X11Connection& x11, std::string selection) : x11_(x11), selection_(std::move(selection)) {}

  // False if another program kept it.
  bool begin(std::vector<OfferedType> types);
  void end();
  // Null unless it is owned and has that type.
  const Bytes* bytes(const std::string& type) const;
  xcb_timestamp_t since() const { return since_; }

  void take(const xcb_generic_event_t& event, double now_s);
  // Gives up programs that do not go on taking what they asked for. When to call it again; below 0: not.
  double tick(double now_s);

 private:
  // Bytes that are on their way in pieces (INCR, ICCCM 2.7.2).
  struct Transfer {
    xcb_window_t to;
    xcb_atom_t property, type;
    std::shared_ptr<const Bytes> bytes;
    std::size_t sent;
    double moved_s;  // when it last went on
  };
  struct Type {
    xcb_atom_t atom;
    std::string name;
    std::shared_ptr<const Bytes> bytes;
  };
  void answer(const xcb_selection_request_event_t& request, double now_s);
  bool convert(xcb_window_t to, xcb_atom_t target, xcb_atom_t property, double now_s);
  bool convert_several(xcb_window_t to, xcb_atom_t property, double now_s);
  void go_on(xcb_window_t to, xcb_atom_t property, double now_s);
  std::size_t largest_piece() const;

  X11Connection& x11_;
  std::string selection_;
  bool owned_ = false;
  xcb_timestamp_t since_ = XCB_CURRENT_TIME;
  std::vector<Type> types_;
  std::vector<Transfer> transfers_;
};

}  // namespace kiln
