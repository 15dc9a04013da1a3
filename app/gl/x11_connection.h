#pragma once

#include <xcb/xcb.h>

#include <cstdint>
#include <cstdlib>
#include <deque>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/base/file.h"

namespace kiln {

struct FreeX11 {
  void operator()(void* memory) const { std::free(memory); }
};
template <class T>
using X11Memory = std::unique_ptr<T, FreeX11>;
using X11Event = X11Memory<xcb_generic_event_t>;

struct X11Property {
  xcb_atom_t type = XCB_NONE;
  Bytes data;
  bool whole = true;  // false: it is larger than was to be read
};

// A connection to the X server with an unseen window of its own. Errors of requests, for windows that have gone say, come as events
// and end nothing. For one thread.
class X11Connection {
 public:
  X11Connection();
  ~X11Connection();
  X11Connection(const X11Connection&) = delete;
  X11Connection& operator=(const X11Connection&) = delete;

  bool works() const { return xcb_connection_has_error(connection_) == 0; }
  xcb_connection_t* get() const { return connection_; }
  int descriptor() const { return xcb_get_file_descriptor(connection_); }  // readable when something came
  xcb_window_t root() const { return root_; }
  xcb_window_t window() const { return window_; }
  void flush() { xcb_flush(connection_); }

  // Null: none came yet.
  X11Event next_event();
  // Whether one came while something else was waited for.
  bool has_read_ahead();
  // The server's time as it is now.
  xcb_timestamp_t time();
  xcb_atom_t atom(const std::string& name);
  std::string name_of(xcb_atom_t atom);

  std::optional<X11Property> property(xcb_window_t window, xcb_atom_t name, bool remove, std::size_t most_bytes);
  // Of a property that holds 32-bit values; none where there is none.
  std::vector<std::uint32_t> values(xcb_window_t window, xcb_atom_t name);
  void set_property(xcb_window_t window, xcb_atom_t name, xcb_atom_t type, std::span<const std::uint8_t> bytes);
  void set_values(xcb_window_t window, xcb_atom_t name, xcb_atom_t type, std::span<const std::uint32_t> values);

  // A client message about `about`, sent to `to`.
  void send(xcb_window_t to, xcb_window_t about, xcb_atom_t type, std::initializer_list<std::uint32_t> data);
  // `event`: the protocol's 32 bytes.
  void send_event(xcb_window_t to, const void* event);

 private:
  xcb_connection_t* connection_ = nullptr;
  xcb_window_t root_ = XCB_NONE, window_ = XCB_NONE;
  std::map<std::string, xcb_atom_t> atoms_;
  std::deque<X11Event> waiting_;  // that came while the time was asked for
};

// The event as what its type says it is.
template <class T>
const T& event_as(const xcb_generic_event_t& event) {
  return reinterpret_cast<const T&>(event);
}

inline int type_of(const xcb_generic_event_t& event) { return event.response_type & 0x7f; }

}  // namespace kiln
