#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/base/animation_limits.h"
#include "engine/base/file_group.h"
#include "engine/base/image.h"
#include "engine/base/param_spec.h"

namespace kiln {

struct Animation {
  std::string name;               // of its tag
  std::vector<Image> frames;      // of one size
  std::vector<int> durations_ms;  // of each frame
  bool ping_pong = false;         // played forth and back, else from the beginning again
};

// How many frames, in which order they are played, and a margin around the sprite. All that the window and the command line know of
// these is in this list.
const std::vector<ParamSpec>& animation_specs();

// The sprite amid as many transparent pixels as `values` (of animation_specs()) say.
Image with_margin(const Image& sprite, const ParamMap& values);

// What of sheet_specs() the sheet of an animation can have: there is one class, and each frame has a duration of its own.
const std::vector<ParamSpec>& animation_sheet_specs();

inline constexpr int kFrameMs = 120;

struct AnimationFile {
  std::string path;            // .gif, .apng, or .png: a sheet
  std::string atlas = "none";  // the data file beside a sheet (atlas_kinds())
  int columns = 0;             // of a sheet; 0: all frames in one row
  int padding = 0;             // pixels between two frames of a sheet
  int scale = 1;
  ParamMap sheet = {};  // what else of sheet_specs() a sheet has: border, inner_padding, extrude, trim, power_of_two, indexed
  friend bool operator==(const AnimationFile&, const AnimationFile&) = default;
};

// The file with the layout that `sheet` says, values of animation_sheet_specs(), whole.
AnimationFile animation_file(std::string path, const ParamMap& sheet);

// The animation as a file, and the data file beside a sheet: with durations, and a tag, wherever its format knows them. A sheet has
// each frame once, a GIF and an APNG each as often as it is played in a round. The same animation gives the same bytes. Throws
// Failure(kInvalidArgument) for another ending, a duration out of range, or a sheet that cannot be. A data file that is there is
// read for what has to stay as it is.
std::vector<NewFile> animation_files(const Animation& animation, const AnimationFile& file);

// Width and height in pixels of what they show. Throws as they do for a sheet that cannot be.
std::pair<int, int> written_size(const std::vector<Image>& frames, const AnimationFile& file);

// Their paths.
std::vector<std::string> animation_paths(const AnimationFile& file);

}  // namespace kiln
