#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/api/preprocessing.h"
#include "engine/base/cell_grid.h"
#include "engine/base/error.h"
#include "engine/base/image.h"
#include "engine/base/palette.h"

namespace kiln {

// Where sprites come from: a folder of class folders, a flat folder, a sheet (with a grid), an Aseprite JSON file beside its sheet,
// or a .npy array (N, H, W, 3 or 4).
struct SpriteSource {
  std::string path = {};
  std::optional<CellGrid> grid = {};          // every image is a sheet
  std::string labels = {};                    // .npy: another one with N whole numbers, or N rows with one or more ones each
  std::vector<std::string> class_names = {};  // of the labels 0, 1, …
  std::vector<std::string> files = {};        // names in the folder `path`: only these; empty: all
  friend bool operator==(const SpriteSource&, const SpriteSource&) = default;
};

struct DatasetSprite {
  std::string file;  // relative to the source; with the cell's name for a sheet, the row's number for an array
  std::string class_name;
  Image image;            // colour zero where alpha is zero
  int frame = -1;         // of an animation, from 0; -1: of none
  bool held_out = false;  // put aside: measured on, never trained on
};

// A file or sprite that is not in the set, and why.
struct LeftOut {
  std::string file;
  Error error;
};

// Tells findings apart, from one report to the next.
struct FindingKey {
  std::string id;     // "sizes", "unreadable", … the same in every language and version
  std::string about;  // the file, class or size that it is about, where there may be several of its kind
  friend bool operator==(const FindingKey&, const FindingKey&) = default;
};

// Something that an artist may want to fix before training.
struct Finding {
  FindingKey key;
  std::string message;               // "3 of 20 sprites have a size of their own"
  std::string advice;                // "pad them to 16×16"
  std::vector<Preprocessing> fixes;  // what to set; the first one fixes it, others may help; empty: only the artist can
  std::vector<std::string> files;
};

struct ClassCount {
  std::string name;
  int count = 0;
};
struct SizeCount {
  int width = 0, height = 0, count = 0;
  int grid = 1;         // all sprites of this size were enlarged by this factor
  std::string example;  // a file of this size
};
struct BackgroundSuspect {
  std::string file;
  Rgb8 colour;
};

// Where a sheet shows a sprite; pixels of the sheet.
struct SheetCell {
  std::string name;
  int x = 0, y = 0, width = 0, height = 0;
};

struct DatasetReport {
  std::string path;
  int sprites = 0;
  std::vector<ClassCount> classes;              // by name
  std::vector<SizeCount> sizes;                 // the most frequent first
  std::vector<std::vector<std::string>> equal;  // groups of files with the same pixels
  std::vector<std::vector<std::string>> near;   // groups of near copies, recolourings and mirror images; equal ones named once
  int fewest_colours = 0, median_colours = 0, most_colours = 0;  // per sprite
  int colours = 0;                                               // of all sprites together
  std::optional<Palette> palette;                                // if at most 256 colours make up all sprites
  int alpha_none = 0, alpha_hard = 0, alpha_soft = 0;            // sprites
  std::vector<BackgroundSuspect> backgrounds;
  std::vector<LeftOut> left_out;
  std::vector<std::string> passed_over;   // files of other kinds
  std::vector<std::string> flip_classes;  // may be mirrored in training: by the set's own spritekiln.json and by the preprocessing
  std::vector<std::string> notes;         // "89400 sprites are 894 sprites a hundred times over; each is used once"
  std::vector<Finding> findings;          // the gravest first; empty: nothing to fix
  std::vector<Preprocessing> offers;      // fixes that an artist may want though nothing was found
};

}  // namespace kiln
