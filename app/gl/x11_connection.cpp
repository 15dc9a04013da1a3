#include "app/gl/x11_connection.h"

#include <algorithm>

namespace kiln {

X11Connection::X11Connection() {
  int number = 0;
  connection_ = xcb_connect(nullptr, &number);
  if (!works()) return;
  auto screens = xcb_setup_roots_iterator(xcb_get_setup(connection_));
  for (; number > 0 && screens.rem > 1; --number) xcb_screen_next(&screens);
  root_ = screens.data->root;
  window_ = xcb_generate_id(connection_);
  const std::uint32_t mask = XCB_EVENT_MASK_PROPERTY_CHANGE;
  xcb_create_window(connection_, XCB_COPY_FROM_PARENT, window_, root_, -10, -10, 1, 1, 0, XCB_WINDOW_CLASS_INPUT_OUTPUT,
                    XCB_COPY_FROM_PARENT, XCB_CW_EVENT_MASK, &mask);
  flush();
}

X11Connection::~X11Connection() { xcb_disconnect(connection_); }

X11Event X11Connection::next_event() {
  if (waiting_.empty()) return X11Event(xcb_poll_for_event(connection_));
  X11Event event = std::move(waiting_.front());
  waiting_.pop_front();
  return event;
}

bool X11Connection::has_read_ahead() {
  if (X11Event event{xcb_poll_for_queued_event(connection_)}) waiting_.push_back(std::move(event));
  return !waiting_.empty();
}

// A change of a property tells it (ICCCM 2.1).
xcb_timestamp_t X11Connection::time() {
  const xcb_atom_t clock = atom("SPRITEKILN_TIME");
  set_property(window_, clock, XCB_ATOM_STRING, {});
  flush();
  while (X11Event event{xcb_wait_for_event(connection_)}) {
    const auto& changed = event_as<xcb_property_notify_event_t>(*event);
    if (type_of(*event) == XCB_PROPERTY_NOTIFY && changed.window == window_ && changed.atom == clock) return changed.time;
    waiting_.push_back(std::move(event));
  }
  return XCB_CURRENT_TIME;
}

xcb_atom_t X11Connection::atom(const std::string& name) {
  xcb_atom_t& atom = atoms_[name];
  if (atom != XCB_NONE) return atom;
  const auto asked = xcb_intern_atom(connection_, 0, static_cast<std::uint16_t>(name.size()), name.data());
  const X11Memory<xcb_intern_atom_reply_t> reply(xcb_intern_atom_reply(connection_, asked, nullptr));
  if (reply) atom = reply->atom;
  return atom;
}

std::string X11Connection::name_of(xcb_atom_t atom) {
  const X11Memory<xcb_get_atom_name_reply_t> reply(
      xcb_get_atom_name_reply(connection_, xcb_get_atom_name(connection_, atom), nullptr));
  if (!reply) return {};
  return {xcb_get_atom_name_name(reply.get()), static_cast<std::size_t>(xcb_get_atom_name_name_length(reply.get()))};
}

std::optional<X11Property> X11Connection::property(xcb_window_t window, xcb_atom_t name, bool remove, std::size_t most_bytes) {
  const auto asked = xcb_get_property(connection_, remove ? 1 : 0, window, name, XCB_GET_PROPERTY_TYPE_ANY, 0,
                                      static_cast<std::uint32_t>((most_bytes + 3) / 4));
  const X11Memory<xcb_get_property_reply_t> reply(xcb_get_property_reply(connection_, asked, nullptr));
  if (!reply || reply->type == XCB_NONE) return {};
  X11Property found{reply->type, {}, reply->bytes_after == 0};
  const auto* data = static_cast<const std::uint8_t*>(xcb_get_property_value(reply.get()));
  found.data.assign(data, data + xcb_get_property_value_length(reply.get()));
  return found;
}

std::vector<std::uint32_t> X11Connection::values(xcb_window_t window, xcb_atom_t name) {
  constexpr std::size_t kMostBytes = 4096;
  const auto found = property(window, name, false, kMostBytes);
  std::vector<std::uint32_t> values(found ? found->data.size() / 4 : 0);
  if (!values.empty()) std::copy_n(found->data.data(), values.size() * 4, reinterpret_cast<std::uint8_t*>(values.data()));
  return values;
}

void X11Connection::set_property(xcb_window_t window, xcb_atom_t name, xcb_atom_t type, std::span<const std::uint8_t> bytes) {
  xcb_change_property(connection_, XCB_PROP_MODE_REPLACE, window, name, type, 8, static_cast<std::uint32_t>(bytes.size()),
                      bytes.data());
}

void X11Connection::set_values(xcb_window_t window, xcb_atom_t name, xcb_atom_t type, std::span<const std::uint32_t> values) {
  xcb_change_property(connection_, XCB_PROP_MODE_REPLACE, window, name, type, 32, static_cast<std::uint32_t>(values.size()),
                      values.data());
}

void X11Connection::send(xcb_window_t to, xcb_window_t about, xcb_atom_t type, std::initializer_list<std::uint32_t> data) {
  xcb_client_message_event_t message{};
  message.response_type = XCB_CLIENT_MESSAGE;
  message.format = 32;
  message.window = about;
  message.type = type;
  std::copy_n(data.begin(), std::min<std::size_t>(data.size(), 5), message.data.data32);
  send_event(to, &message);
}

void X11Connection::send_event(xcb_window_t to, const void* event) {
  xcb_send_event(connection_, 0, to, XCB_EVENT_MASK_NO_EVENT, static_cast<const char*>(event));
}

}  // namespace kiln
