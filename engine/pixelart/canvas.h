#pragma once

#include <string>

#include "engine/base/image.h"
#include "engine/base/palette.h"
#include "engine/base/rect.h"

namespace kiln {

// An opaque picture to draw a report on, in pixels from the upper left. What falls outside is left out.
class Canvas {
 public:
  Canvas(int width, int height, const Rgb8& background);

  void fill(const Rect& rect, const Rgb8& colour);
  // Each pixel of the sprite as a square of `scale`, over what is there.
  void draw(const Image& sprite, int x, int y, int scale);
  // Letters, digits and . , : % - _ / ( ) + ?, small letters as capitals, all else as a question mark; each of kGlyphHeight · scale
  // pixels' height and kGlyphAdvance · scale width.
  void write(const std::string& utf8, int x, int y, const Rgb8& colour, int scale = 1);

  static constexpr int kGlyphHeight = 7, kGlyphAdvance = 6;

  const Image& image() const { return image_; }

 private:
  Image image_;
};

}  // namespace kiln
