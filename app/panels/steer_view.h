#pragma once

#include <cstdint>
#include <future>
#include <optional>
#include <string>

#include "app/state/generate_settings.h"
#include "app/state/pixel_mask.h"
#include "engine/api/sampling.h"
#include "engine/base/error.h"
#include "engine/base/ids.h"
#include "engine/base/image.h"

namespace kiln {

// An image that sprites start from.
struct StartImage {
  Image image = {};  // as sprites see it
  std::string name = {};
  ImageFile file = {};
  std::string fit = {};               // what was done to fit it to sprites, as fit_text() says; may be empty
  bool reduced = false;               // and pixels were lost with that
  std::string sheet = {};             // the file that it was reduced from: it may be a sheet of sprites
  ImageFile mask = {};                // of a repair
  std::optional<Error> problem = {};  // then there is nothing else
};

enum class RepairTool { kBrush, kRectangle, kColour };

// Painting what is made anew.
struct Repair {
  bool on = false;
  RepairTool tool = RepairTool::kBrush;
  int brush = 2;
  PixelMask mask;
  std::optional<SampleRequest> asked;  // to begin when its images have been written
  bool stroke = false;                 // a button is down that went down on the sprite
  bool mark = true;                    // and this is what it does
  int from_x = 0, from_y = 0;          // where a rectangle began, or the brush was last
};

// Sprites that follow the sliders.
struct Live {
  std::optional<GenerateSettings> made;  // what the sprites that are shown were made with
  bool whole = true;                     // with all steps
  double steps_per_s = 0;                // as measured last
  std::int64_t count = 0;                // of so many sprites
  JobId stopped;                         // a run that was told to end
};

struct SteerView {
  std::optional<StartImage> start;
  std::uint64_t start_version = 0;
  std::future<StartImage> coming;  // being read and written
  Repair repair;
  Live live;
};

}  // namespace kiln
