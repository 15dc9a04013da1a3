#include "app/state/pixel_editor.h"

#include <algorithm>
#include <utility>

#include "engine/pixelart/transform.h"

namespace kiln {
namespace {

Rect within(const Rect& rect, const Image& image) {
  const int left = std::clamp(rect.x, 0, image.width), top = std::clamp(rect.y, 0, image.height);
  const int right = std::clamp(rect.x + rect.width, left, image.width), lower = std::clamp(rect.y + rect.height, top, image.height);
  return {left, top, right - left, lower - top};
}

bool holds(const Rect& rect, PixelPoint at) {
  return at.x >= rect.x && at.y >= rect.y && at.x < rect.x + rect.width && at.y < rect.y + rect.height;
}

std::string name_of(EditTool tool, bool moves) {
  switch (tool) {
    case EditTool::kPencil:
      return "Pencil";
    case EditTool::kEraser:
      return "Eraser";
    case EditTool::kFill:
      return "Fill";
    case EditTool::kLine:
      return "Line";
    case EditTool::kRectangle:
      return "Rectangle";
    case EditTool::kPicker:
    case EditTool::kSelect:
      break;
  }
  return moves ? "Move" : "";
}

}  // namespace

void PixelEditor::show(const Image& image) {
  if (stroke_ ? image == stroke_->before : image == image_) return;
  stroke_.reset();
  selection_.reset();
  lifted_.reset();
  set_image(image);
}

void PixelEditor::set_image(Image image) {
  image_ = std::move(image);
  ++version_;
}

Rect PixelEditor::area() const { return selection_ ? within(*selection_, image_) : Rect{0, 0, image_.width, image_.height}; }

void PixelEditor::press(PixelPoint at, bool erases) {
  if (stroke_) return;
  if (kit.tool == EditTool::kPicker) return pick(at);
  const bool selects = kit.tool == EditTool::kSelect;
  stroke_ = Stroke{at, at, image_, erases, selects && selection_ && holds(*selection_, at), selection_};
  if (selects) {
    if (!stroke_->moves) deselect();
    return;
  }
  lifted_.reset();
  draw(at, at);
}

void PixelEditor::drag(PixelPoint to) {
  if (!stroke_) {
    if (kit.tool == EditTool::kPicker) pick(to);
    return;
  }
  if (to == stroke_->last) return;
  if (stroke_->moves) {
    move_selection(to.x - stroke_->last.x, to.y - stroke_->last.y);
  } else if (kit.tool == EditTool::kSelect) {
    const auto inside = [&](PixelPoint p) {
      return PixelPoint{std::clamp(p.x, 0, image_.width - 1), std::clamp(p.y, 0, image_.height - 1)};
    };
    selection_ = rect_of(inside(stroke_->start), inside(to));
  } else {
    draw(stroke_->last, to);
  }
  stroke_->last = to;
}

// Pencil and eraser go on from the last pixel, line and rectangle reach from the first one.
void PixelEditor::draw(PixelPoint from, PixelPoint to) {
  const Stroke& stroke = *stroke_;
  const bool erases = stroke.erases || kit.tool == EditTool::kEraser;
  const Rgba8 pixel = erases ? kTransparent : kit.colour;
  Image image = image_;
  switch (kit.tool) {
    case EditTool::kPencil:
    case EditTool::kEraser:
      paint(image, line_pixels(from, to), pixel, kit.mirroring);
      break;
    case EditTool::kFill:
      flood_fill(image, to, pixel, kit.mirroring);
      break;
    case EditTool::kLine:
      image = stroke.before;
      paint(image, line_pixels(stroke.start, to), pixel, kit.mirroring);
      break;
    case EditTool::kRectangle:
      image = stroke.before;
      paint(image, rectangle_pixels(rect_of(stroke.start, to), kit.filled), pixel, kit.mirroring);
      break;
    case EditTool::kPicker:
    case EditTool::kSelect:
      return;
  }
  if (selection_) {
    const Rect inside = area();
    Image limited = stroke.before;
    paste(limited, cut_out(image, inside), inside.x, inside.y);
    image = std::move(limited);
  }
  if (image != image_) set_image(std::move(image));
}

std::optional<EditedSprite> PixelEditor::release() {
  if (!stroke_) return {};
  const Stroke stroke = std::move(*stroke_);
  stroke_.reset();
  if (stroke.before == image_) return {};
  return EditedSprite{name_of(kit.tool, stroke.moves), image_};
}

void PixelEditor::cancel() {
  if (!stroke_) return;
  lifted_.reset();
  selection_ = stroke_->selection;
  set_image(std::move(stroke_->before));
  stroke_.reset();
}

void PixelEditor::pick(PixelPoint at) {
  if (contains(image_, at)) kit.colour = pixel_at(image_, at);
}

void PixelEditor::deselect() {
  selection_.reset();
  lifted_.reset();
}

void PixelEditor::move_selection(int right, int down) {
  if (!lifted_) {
    const Rect rect = area();
    lifted_ = Lifted{cut_out(image_, rect), image_};
    paint(lifted_->under, rectangle_pixels(rect, true), kTransparent);
    selection_ = rect;
  }
  selection_->x += right;
  selection_->y += down;
  Image image = lifted_->under;
  lay_over(image, lifted_->part, selection_->x, selection_->y);
  set_image(std::move(image));
}

std::optional<EditedSprite> PixelEditor::become(std::string what, Image image) {
  if (stroke_ || image == image_) return {};
  set_image(std::move(image));
  return EditedSprite{std::move(what), image_};
}

template <class Change>
std::optional<EditedSprite> PixelEditor::change_area(std::string what, Change change) {
  const Rect rect = area();
  if (stroke_ || rect.width == 0 || rect.height == 0) return {};
  lifted_.reset();
  Image image = image_;
  paste(image, change(cut_out(image_, rect)), rect.x, rect.y);
  return become(std::move(what), std::move(image));
}

std::optional<EditedSprite> PixelEditor::flip_left_right() { return change_area("Flip", flipped_left_right); }

std::optional<EditedSprite> PixelEditor::flip_top_bottom() { return change_area("Flip", flipped_top_bottom); }

bool PixelEditor::can_turn() const { return area().width == area().height; }

std::optional<EditedSprite> PixelEditor::turn(bool clockwise) {
  if (!can_turn()) return {};
  return change_area("Turn", clockwise ? turned_clockwise : turned_anticlockwise);
}

std::optional<EditedSprite> PixelEditor::shift(int right, int down) {
  if (stroke_) return {};
  if (!selection_) return become("Shift", shifted(image_, right, down));
  const Image before = image_;
  move_selection(right, down);
  if (image_ == before) return {};
  return EditedSprite{"Move", image_};
}

std::optional<EditedSprite> PixelEditor::replace(const Rgba8& from, const Rgba8& to) {
  return change_area("Replace colour", [&](Image part) {
    replace_colour(part, from, to);
    return part;
  });
}

std::optional<EditedSprite> PixelEditor::erase_selection() {
  if (!selection_) return {};
  return change_area("Erase", [](const Image& part) { return Image(part.width, part.height); });
}

std::optional<EditedSprite> PixelEditor::paste_selection(const Image& part) {
  if (stroke_ || part.empty()) return {};
  const int x = (image_.width - part.width) / 2, y = (image_.height - part.height) / 2;
  selection_ = Rect{x, y, part.width, part.height};
  lifted_ = Lifted{part, image_};
  kit.tool = EditTool::kSelect;
  Image image = image_;
  lay_over(image, part, x, y);
  return become("Paste", std::move(image));
}

}  // namespace kiln
