#include "app/gl/x11_offer.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace kiln {
namespace {

constexpr std::size_t kPiece = std::size_t{256} << 10;  // bytes
constexpr std::size_t kRequestHead = 64;                // of a request that changes a property, and some
constexpr double kPatience_s = 10;

}  // namespace

bool X11Offer::begin(std::vector<OfferedType> types) {
  types_.clear();
  for (OfferedType& type : types) {
    const xcb_atom_t atom = x11_.atom(type.name);
    types_.push_back({atom, std::move(type.name), std::make_shared<const Bytes>(std::move(type.bytes))});
  }
  const xcb_atom_t selection = x11_.atom(selection_);
  since_ = x11_.time();
  xcb_set_selection_owner(x11_.get(), x11_.window(), selection, since_);
  const X11Memory<xcb_get_selection_owner_reply_t> owner(
      xcb_get_selection_owner_reply(x11_.get(), xcb_get_selection_owner(x11_.get(), selection), nullptr));
  owned_ = owner && owner->owner == x11_.window();
  return owned_;
}

void X11Offer::end() {
  if (owned_) xcb_set_selection_owner(x11_.get(), XCB_NONE, x11_.atom(selection_), since_);
  owned_ = false;
  types_.clear();
}

const Bytes* X11Offer::bytes(const std::string& type) const {
  const auto found = std::find_if(types_.begin(), types_.end(), [&](const Type& each) { return each.name == type; });
  return owned_ && found != types_.end() ? found->bytes.get() : nullptr;
}

void X11Offer::take(const xcb_generic_event_t& event, double now_s) {
  switch (type_of(event)) {
    case XCB_SELECTION_REQUEST: {
      const auto& request = event_as<xcb_selection_request_event_t>(event);
      if (request.selection == x11_.atom(selection_)) answer(request, now_s);
      break;
    }
    case XCB_SELECTION_CLEAR:
      if (event_as<xcb_selection_clear_event_t>(event).selection == x11_.atom(selection_)) {
        owned_ = false;
        types_.clear();
      }
      break;
    case XCB_PROPERTY_NOTIFY: {
      const auto& changed = event_as<xcb_property_notify_event_t>(event);
      if (changed.state == XCB_PROPERTY_DELETE) go_on(changed.window, changed.atom, now_s);
      break;
    }
    default:
      break;
  }
}

double X11Offer::tick(double now_s) {
  std::erase_if(transfers_, [&](const Transfer& each) { return now_s - each.moved_s >= kPatience_s; });
  double due = -1;
  for (const Transfer& each : transfers_) due = due < 0 ? each.moved_s + kPatience_s : std::min(due, each.moved_s + kPatience_s);
  return due;
}

void X11Offer::answer(const xcb_selection_request_event_t& request, double now_s) {
  // Old programs name no property (ICCCM 2.2).
  const xcb_atom_t property = request.property == XCB_NONE ? request.target : request.property;
  const bool several = request.target == x11_.atom("MULTIPLE");
  const bool done = owned_ && (several ? request.property != XCB_NONE && convert_several(request.requestor, property, now_s)
                                       : convert(request.requestor, request.target, property, now_s));
  xcb_selection_notify_event_t answer{};
  answer.response_type = XCB_SELECTION_NOTIFY;
  answer.time = request.time;
  answer.requestor = request.requestor;
  answer.selection = request.selection;
  answer.target = request.target;
  answer.property = done ? property : static_cast<xcb_atom_t>(XCB_NONE);
  // The protocol's events are 32 bytes, this one is less.
  std::array<char, 32> bytes{};
  std::copy_n(reinterpret_cast<const char*>(&answer), sizeof answer, bytes.data());
  x11_.send_event(request.requestor, bytes.data());
}

bool X11Offer::convert(xcb_window_t to, xcb_atom_t target, xcb_atom_t property, double now_s) {
  if (target == x11_.atom("TARGETS")) {
    std::vector<std::uint32_t> atoms = {x11_.atom("TARGETS"), x11_.atom("MULTIPLE"), x11_.atom("TIMESTAMP")};
    for (const Type& type : types_) atoms.push_back(type.atom);
    x11_.set_values(to, property, XCB_ATOM_ATOM, atoms);
    return true;
  }
  if (target == x11_.atom("TIMESTAMP")) {
    x11_.set_values(to, property, XCB_ATOM_INTEGER, std::span<const std::uint32_t>(&since_, 1));
    return true;
  }
  const auto type = std::find_if(types_.begin(), types_.end(), [&](const Type& each) { return each.atom == target; });
  if (type == types_.end()) return false;
  if (type->bytes->size() <= largest_piece()) {
    x11_.set_property(to, property, target, *type->bytes);
    return true;
  }
  std::erase_if(transfers_, [&](const Transfer& each) { return each.to == to && each.property == property; });
  transfers_.push_back({to, property, target, type->bytes, 0, now_s});
  const std::uint32_t mask = XCB_EVENT_MASK_PROPERTY_CHANGE, size = static_cast<std::uint32_t>(type->bytes->size());
  xcb_change_window_attributes(x11_.get(), to, XCB_CW_EVENT_MASK, &mask);
  x11_.set_values(to, property, x11_.atom("INCR"), std::span<const std::uint32_t>(&size, 1));
  return true;
}

// Pairs of a type and a property; a pair whose type there is not loses its property (ICCCM 2.6.2).
bool X11Offer::convert_several(xcb_window_t to, xcb_atom_t property, double now_s) {
  std::vector<std::uint32_t> pairs = x11_.values(to, property);
  if (pairs.size() < 2 || pairs.size() % 2 != 0) return false;
  for (std::size_t i = 0; i < pairs.size(); i += 2) {
    if (pairs[i + 1] != XCB_NONE && !convert(to, pairs[i], pairs[i + 1], now_s)) pairs[i + 1] = XCB_NONE;
  }
  x11_.set_values(to, property, x11_.atom("ATOM_PAIR"), pairs);
  return true;
}

// The other program has taken a piece; one without bytes is the end.
void X11Offer::go_on(xcb_window_t to, xcb_atom_t property, double now_s) {
  const auto found = std::find_if(transfers_.begin(), transfers_.end(),
                                  [&](const Transfer& each) { return each.to == to && each.property == property; });
  if (found == transfers_.end()) return;
  const std::size_t size = std::min(found->bytes->size() - found->sent, largest_piece());
  x11_.set_property(to, property, found->type, std::span(*found->bytes).subspan(found->sent, size));
  found->sent += size;
  found->moved_s = now_s;
  if (size == 0) transfers_.erase(found);
}

std::size_t X11Offer::largest_piece() const {
  return std::min(kPiece, std::size_t{xcb_get_maximum_request_length(x11_.get())} * 4 - kRequestHead);
}

}  // namespace kiln
