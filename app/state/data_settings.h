#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "engine/api/dataset.h"

namespace kiln {

// What the Data tab remembers.
struct DataSettings {
  std::string path;     // as typed
  bool sheets = false;  // every image of a folder is a sheet
  CellGrid grid;
  std::string labels;   // of a .npy array
  std::string names;    // of the labels 0, 1, …, separated by commas
  std::string made_in;  // where sets that the program makes go; empty: default_sets_folder()
  std::string browsed;  // the folder that was looked at last
  int starter_size = 16;
  int starter_count = 100;  // of each class
  std::int64_t starter_seed = 0;
  bool starter_animated = false;
  int cell = 72;  // of a sprite in the grid, window pixels

  friend bool operator==(const DataSettings&, const DataSettings&) = default;
};

inline constexpr int kSmallestCell = 24, kLargestCell = 192;
inline constexpr int kMostStarterSprites = 2000;

void bring_into_range(DataSettings& settings);

enum class PathKind { kNothing, kFolder, kImage, kAseprite, kArray, kModel, kOther };

// What a path is, by what is there and how its name ends.
PathKind kind_of(const std::filesystem::path& path);

// "~/" is the home folder; a final slash is dropped.
std::filesystem::path typed_path(const std::string& text);

// Of the path that is typed, with the options that fit what it is.
SpriteSource make_source(const DataSettings& settings);

// SPRITEKILN_HOME/sprites.
std::filesystem::path default_sets_folder();
std::filesystem::path sets_folder(const DataSettings& settings);

}  // namespace kiln
