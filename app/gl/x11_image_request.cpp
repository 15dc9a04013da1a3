#include "app/gl/x11_image_request.h"

#include <algorithm>
#include <string>
#include <utility>

namespace kiln {
namespace {

constexpr const char* kTypes[] = {"image/png", "image/bmp", "image/x-bmp", "image/x-MS-bmp"};  // the best first
constexpr unsigned kProperties = 8;

}  // namespace

void X11ImageRequest::begin(double now_s) {
  result_.reset();
  bytes_.clear();
  property_ = x11_.atom("SPRITEKILN_IMAGE_" + std::to_string(number_++ % kProperties));
  ask_for(x11_.atom("TARGETS"), Waits::kForTypes, now_s);
}

void X11ImageRequest::ask_for(xcb_atom_t type, Waits waits, double now_s) {
  type_ = type;
  waits_ = waits;
  moved_s_ = now_s;
  xcb_delete_property(x11_.get(), x11_.window(), property_);
  xcb_convert_selection(x11_.get(), x11_.window(), x11_.atom("CLIPBOARD"), type, property_, x11_.time());
}

void X11ImageRequest::take(const xcb_generic_event_t& event, double now_s) {
  if (type_of(event) == XCB_SELECTION_NOTIFY) {
    const auto& answer = event_as<xcb_selection_notify_event_t>(event);
    const bool awaited = waits_ == Waits::kForTypes || waits_ == Waits::kForImage;
    if (awaited && answer.target == type_ && (answer.property == property_ || answer.property == XCB_NONE)) {
      take_answer(answer, now_s);
    } else if (answer.property != XCB_NONE) {
      xcb_delete_property(x11_.get(), x11_.window(), answer.property);
    }
  } else if (type_of(event) == XCB_PROPERTY_NOTIFY && waits_ == Waits::kForPieces) {
    const auto& changed = event_as<xcb_property_notify_event_t>(event);
    if (changed.atom == property_ && changed.state == XCB_PROPERTY_NEW_VALUE) take_piece(now_s);
  }
}

void X11ImageRequest::take_answer(const xcb_selection_notify_event_t& answer, double now_s) {
  constexpr const char* kNone = "there is no image on the clipboard";
  constexpr const char* kCopyFirst = "copy one in another program first";
  if (answer.property == XCB_NONE) return end_without(ErrorCode::kNotFound, kNone, kCopyFirst);
  // Taking the property away is what begins the pieces.
  auto found = x11_.property(x11_.window(), property_, true, kMostBytes);
  if (!found) return end_without(ErrorCode::kNotFound, kNone, kCopyFirst);
  if (waits_ == Waits::kForTypes) {
    choose_type(found->data, now_s);
    if (waits_ == Waits::kForTypes) end_without(ErrorCode::kNotFound, kNone, kCopyFirst);
  } else if (found->type == x11_.atom("INCR")) {
    waits_ = Waits::kForPieces;
    moved_s_ = now_s;
  } else {
    add(*found);
    if (waits_ != Waits::kNot) end(std::move(bytes_));
  }
}

void X11ImageRequest::choose_type(const Bytes& types, double now_s) {
  std::vector<xcb_atom_t> atoms(types.size() / 4);
  if (!atoms.empty()) std::copy_n(types.data(), atoms.size() * 4, reinterpret_cast<std::uint8_t*>(atoms.data()));
  for (const char* name : kTypes) {
    const xcb_atom_t type = x11_.atom(name);
    if (std::find(atoms.begin(), atoms.end(), type) != atoms.end()) return ask_for(type, Waits::kForImage, now_s);
  }
}

void X11ImageRequest::take_piece(double now_s) {
  const auto piece = x11_.property(x11_.window(), property_, true, kMostBytes);
  if (!piece) return;
  moved_s_ = now_s;
  if (piece->data.empty()) return end(std::move(bytes_));
  add(*piece);
}

void X11ImageRequest::add(const X11Property& piece) {
  if (!piece.whole || bytes_.size() + piece.data.size() > kMostBytes) {
    return end_without(ErrorCode::kUnsupported, "the image on the clipboard is larger than 64 MiB", "copy a smaller part of it");
  }
  bytes_.insert(bytes_.end(), piece.data.begin(), piece.data.end());
}

double X11ImageRequest::tick(double now_s) {
  if (waits_ == Waits::kNot) return -1;
  if (now_s < moved_s_ + kPatience_s) return moved_s_ + kPatience_s;
  end_without(ErrorCode::kUnsupported, "the program that has the clipboard does not answer",
              "copy the image once more, or drop its file on the window");
  return -1;
}

std::optional<Result<Bytes>> X11ImageRequest::take_result() { return std::exchange(result_, std::nullopt); }

void X11ImageRequest::end(Result<Bytes> result) {
  waits_ = Waits::kNot;
  result_ = std::move(result);
  bytes_ = {};
  xcb_delete_property(x11_.get(), x11_.window(), property_);
}

void X11ImageRequest::end_without(ErrorCode code, const char* message, const char* hint) { end(Error{code, message, hint, ""}); }

}  // namespace kiln
