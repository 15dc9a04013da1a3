#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "engine/base/palette.h"

namespace kiln {

struct PixelSize {
  int width = 0, height = 0;
  friend bool operator==(const PixelSize&, const PixelSize&) = default;
};

using ClassNames = std::vector<std::string>;
using ClassRenames = std::vector<std::pair<std::string, std::string>>;  // old → new

inline constexpr int kDetectFactor = 0;

// What to do to every sprite, in this order. What cannot be done to a sprite leaves it out, by name. A field at its default does
// nothing; every field has its row in kPreprocessingSteps.
struct Preprocessing {
  ClassNames hold_out = {};           // parts of a split set (“val”), or classes before renaming: measured on, never trained on
  ClassRenames renames = {};          // onto a class that exists: merged
  ClassNames drop_classes = {};       // by their names before renaming
  ClassNames flip_classes = {};       // by their final names: may be mirrored in training; "*" for all
  std::string key_colour = {};        // "#ff00ff": pixels of exactly this colour become transparent, wherever they are
  bool background_to_alpha = false;   // the suspected background colour, from the border inwards
  bool hard_alpha = false;            // each pixel opaque or transparent
  bool drop_empty = false;            // fully transparent sprites
  int downscale = 1;                  // by this factor; kDetectFactor: by what all sprites of one size were enlarged by
  bool crop = false;                  // to what is not transparent
  PixelSize pad = {};                 // amid transparent pixels
  std::string palette = {};           // FILE (.gpl .hex .pal) or "auto:N", fitted to all sprites
  bool drop_duplicates = false;       // all but the first of equal pixels
  bool drop_near_duplicates = false;  // and of near copies, recolourings and mirror images
  friend bool operator==(const Preprocessing&, const Preprocessing&) = default;
};

// A field of Preprocessing: JSON key, command-line option, check box and help follow from its row.
struct PreprocessingStep {
  std::variant<bool Preprocessing::*, int Preprocessing::*, PixelSize Preprocessing::*, std::string Preprocessing::*,
               ClassNames Preprocessing::*, ClassRenames Preprocessing::*>
      field;
  const char* id;     // JSON key
  const char* flag;   // options of the command line; the first is shown
  const char* value;  // what the option takes
  const char* label;  // of the check box; % stands for the value
  const char* help;
  bool Preprocessing::*also = nullptr;  // goes with it: set with this one, and this one is taken back with it
};

inline constexpr PreprocessingStep kPreprocessingSteps[] = {
    {&Preprocessing::hold_out, "hold_out", "--hold-out", "PART | CLASS", "Put % aside for measuring",
     "Put a part of a split set aside, as “val”, or a class: it is the validation split, measured on and never trained on"},
    {&Preprocessing::renames, "renames", "--merge,--rename", "OLD=NEW", "Merge %",
     "Rename a class; onto a name that exists, both become one"},
    {&Preprocessing::drop_classes, "drop_classes", "--drop-class", "CLASS", "Leave out %", "Leave out a class"},
    {&Preprocessing::flip_classes, "flip_classes", "--flip", "CLASS", "Mirror %",
     "Sprites of this class may be mirrored in training, “*” for all; kept with a set that is written"},
    {&Preprocessing::key_colour, "key_colour", "--key-colour", "#RRGGBB", "Make % transparent",
     "Make every pixel of exactly this colour transparent, as “#ff00ff”"},
    {&Preprocessing::background_to_alpha, "background_to_alpha", "--background-to-alpha", "", "Make the background transparent",
     "Make suspected background colours transparent"},
    {&Preprocessing::hard_alpha, "hard_alpha", "--hard-alpha", "", "Make each pixel opaque or transparent",
     "Soft shadows and edges become hard"},
    {&Preprocessing::drop_empty, "drop_empty", "--drop-empty", "", "Leave out empty sprites",
     "Leave out fully transparent sprites"},
    {&Preprocessing::downscale, "downscale", "--downscale", "auto | INT", "Reduce to %", "Reduce enlarged art to its true pixels"},
    {&Preprocessing::crop, "crop", "--crop", "", "Crop to what is drawn", "Take transparent borders away"},
    {&Preprocessing::pad, "pad", "--pad", "WxH", "Pad to %", "Put transparent pixels around each sprite"},
    {&Preprocessing::palette, "palette", "--palette", "FILE | auto:32", "Bring all to %",
     "Use the colours of a .gpl, .hex or .pal file, or N colours fitted to all sprites together"},
    {&Preprocessing::drop_duplicates, "drop_duplicates", "--drop-duplicates", "", "Use each picture once",
     "Use equal pictures once"},
    {&Preprocessing::drop_near_duplicates, "drop_near_duplicates", "--drop-near-duplicates", "", "Use near copies once, too",
     "Use near copies, recolourings and mirror images once as well", &Preprocessing::drop_duplicates},
};

bool is_set(const PreprocessingStep& step, const Preprocessing& preprocessing);
// Whether the field is a list, to which each value given adds.
bool is_list(const PreprocessingStep& step);
// The first step that `fix` sets; it must set one.
const PreprocessingStep& step_of(const Preprocessing& fix);

// A fix is the part of Preprocessing that it sets. It is applied if each of its steps is set, whatever to, and its list entries are
// there.
bool is_applied(const Preprocessing& fix, const Preprocessing& all);
void apply(const Preprocessing& fix, Preprocessing& all);
void take_back(const Preprocessing& fix, Preprocessing& all);

// Of the fix's check box: "Pad to 24×16". Where a step of it is set in `all`, that value.
std::string label_of(const Preprocessing& fix, const Preprocessing& all);

// As options of the command line: "--crop --pad 24x16", quoted for a shell.
std::string flags_of(const Preprocessing& preprocessing);

// The value of such an option. Throws Failure(kInvalidArgument).
void set_from_text(const PreprocessingStep& step, const std::string& text, Preprocessing& preprocessing);

// "16x16", "4,4", or "16" for both. Throws Failure(kInvalidArgument), naming the option.
PixelSize parse_pixels(const std::string& option, const std::string& text, char separator);

std::string size_text(PixelSize size, const char* times = "×");

}  // namespace kiln
