#pragma once

#include <cstdint>
#include <future>
#include <string>
#include <variant>
#include <vector>

#include "app/gl/texture_array.h"
#include "app/state/edit_palette.h"
#include "app/state/pixel_editor.h"
#include "app/widgets/file_browser.h"
#include "engine/base/error.h"
#include "engine/base/ids.h"

namespace kiln {

// The sprite as it lies on the canvas, in window pixels.
struct EditZoom {
  int zoom = 0;        // window pixels a pixel; 0: as large as it fits
  float x = 0, y = 0;  // of its upper left corner, from that of the canvas
};

// The sprite in other hues, for choosing.
struct EditVariants {
  bool open = false;
  bool within_palette = true;
  std::vector<Image> images;
  std::uint64_t version = 0;  // another number whenever they are others
  std::uint64_t of_image = 0;
  Palette of_palette;
};

// What the pixel editor of the Generate tab has open and how it looks.
struct EditView {
  bool open = false;
  PixelEditor editor;
  std::uint64_t batch_version = 0;  // of the batch, as the editor shows it
  int index = -1;                   // the sprite that it shows
  TextureArray texture;             // the editor's image
  std::uint64_t texture_version = 0;
  EditZoom zoom;
  int button = 0;  // of the mouse, that draws
  bool panning = false;
  bool grid = true;
  bool replacing = false;  // the next colour that is clicked becomes the current one
  EditPalette palette;
  std::uint64_t palette_version = 0;  // of the editor's image, as the palette follows it
  std::uint64_t palette_batch = 0;    // version of the batch, as the palette follows that
  JobId palette_job;                  // which batch that was
  std::string typed_colour;
  FileBrowser browser;
  std::future<std::variant<Palette, Error>> reading;  // a palette file
  EditVariants variants;
};

}  // namespace kiln
