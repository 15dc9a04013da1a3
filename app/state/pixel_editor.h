#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/base/rect.h"
#include "engine/pixelart/drawing.h"

namespace kiln {

enum class EditTool { kPencil, kEraser, kFill, kLine, kRectangle, kPicker, kSelect };

// What the artist draws with; kept from sprite to sprite.
struct DrawingKit {
  EditTool tool = EditTool::kPencil;
  Rgba8 colour{0, 0, 0, 255};
  Mirroring mirroring;
  bool filled = false;  // rectangles
};

// A sprite that became another, and by what.
struct EditedSprite {
  std::string what;
  Image image;
};

// One sprite being drawn on. A stroke, from press() to release(), is one change; whoever holds the sprite stores it and keeps the
// history. Where something is selected, all is done within it.
class PixelEditor {
 public:
  DrawingKit kit;

  // The sprite as it is stored now. Where that is another, a stroke under way and the selection are dropped.
  void show(const Image& image);
  const Image& image() const { return image_; }       // with the stroke under way
  std::uint64_t version() const { return version_; }  // another number whenever the image is another
  const std::optional<Rect>& selection() const { return selection_; }
  bool drawing() const { return stroke_.has_value(); }

  // The pointer; pixels may lie outside. `erases`: the kit's tool with transparent pixels.
  void press(PixelPoint at, bool erases = false);
  void drag(PixelPoint to);
  std::optional<EditedSprite> release();
  // The stroke never was.
  void cancel();
  // Takes the colour there, whatever the tool.
  void pick(PixelPoint at);
  void deselect();

  // Each: the whole sprite, or what is selected. Empty where nothing changes.
  std::optional<EditedSprite> flip_left_right();
  std::optional<EditedSprite> flip_top_bottom();
  std::optional<EditedSprite> turn(bool clockwise);
  bool can_turn() const;  // it must be as wide as high
  std::optional<EditedSprite> shift(int right, int down);
  std::optional<EditedSprite> replace(const Rgba8& from, const Rgba8& to);
  std::optional<EditedSprite> erase_selection();
  // Lays it over the middle of the sprite, selected, so that it can be moved.
  std::optional<EditedSprite> paste_selection(const Image& part);

 private:
  struct Stroke {
    PixelPoint start, last;
    Image before;
    bool erases = false;
    bool moves = false;             // the selection
    std::optional<Rect> selection;  // before it
  };
  // What is selected once it has been moved: it can be moved on, over what is under it.
  struct Lifted {
    Image part, under;
  };

  Rect area() const;
  std::optional<EditedSprite> become(std::string what, Image image);
  template <class Change>
  std::optional<EditedSprite> change_area(std::string what, Change change);
  void draw(PixelPoint from, PixelPoint to);
  void set_image(Image image);
  void move_selection(int right, int down);

  Image image_;
  std::uint64_t version_ = 0;
  std::optional<Rect> selection_;
  std::optional<Stroke> stroke_;
  std::optional<Lifted> lifted_;
};

}  // namespace kiln
