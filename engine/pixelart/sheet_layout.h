#pragma once

#include <vector>

#include "engine/base/image.h"
#include "engine/base/param_spec.h"
#include "engine/base/rect.h"

namespace kiln {

// In sprite pixels; all is laid out in them and then enlarged.
struct SheetOptions {
  int columns = 0;        // 0: as many as rows, or one more
  int padding = 0;        // transparent, between frames
  int border = 0;         // transparent, around all of them
  int inner_padding = 0;  // transparent, around each sprite within its frame
  int extrude = 0;        // around each frame, repeating its edge
  int scale = 1;
  bool trim = false;          // frames without the sprite's transparent rows and columns at its edges
  bool power_of_two = false;  // both sides of the sheet
};

// From values of sheet_specs() (engine/api/export.h), whole.
SheetOptions sheet_options(const ParamMap& values);

// Where a sprite lies in the finished sheet, in its pixels.
struct SheetFrame {
  Rect area;                            // with inner padding, without what is extruded
  Rect place;                           // of what is drawn there within the whole sprite
  int full_width = 0, full_height = 0;  // of the whole sprite
};

// Frames in rows, from the upper left; each column is as wide as its widest frame, each row as high as its highest.
struct SheetLayout {
  int columns = 1, rows = 1;
  int width = 1, height = 1;
  std::vector<SheetFrame> frames;
  int margin = 0, spacing = 0;  // before the first frame, and between two, where they are all of one size
};

// `contents`: of each sprite, the part that is drawn, all of them of `full_width` × `full_height`. Throws Failure(kInvalidArgument)
// for no sprites, a negative number, a scale below 1, extruded edges of frames with inner padding (they are transparent), or a
// sheet with a side over 16384 pixels.
SheetLayout sheet_layout(const std::vector<Rect>& contents, int full_width, int full_height, const SheetOptions& options);

// That of pack_sheet. Throws as the other.
SheetLayout sheet_layout(const std::vector<Image>& sprites, const SheetOptions& options);

struct PackedSheet {
  SheetLayout layout;
  Image image;
};

// All sprites in one image; smaller ones are made as large as the largest, and lie in the middle. Throws as sheet_layout.
PackedSheet pack_sheet(const std::vector<Image>& sprites, const SheetOptions& options);

// The sprites, each as large as the largest, in the middle.
std::vector<Image> of_one_size(const std::vector<Image>& sprites);

}  // namespace kiln
