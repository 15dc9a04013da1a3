#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/gl/texture_array.h"
#include "app/state/data_settings.h"
#include "app/state/looked_up.h"
#include "app/widgets/file_browser.h"
#include "app/widgets/sprite_pages.h"
#include "engine/api/dataset.h"

namespace kiln {

// Sprites that are shown together under a heading.
struct SpriteSection {
  std::string title;
  std::vector<std::size_t> members;  // into the sprites
};

// Which sprites the sections hold.
struct ShownSprites {
  std::string source, class_name;
  std::optional<FindingKey> finding;
  bool as_trained = false;
};

// What the Data tab shows of the set; forgotten when the window closes.
struct DataView {
  SpritePages sprites, previews;
  TextureArray sheet;
  std::uint64_t sheet_version = 0;

  LookedUp<PathKind> kind;  // of the path that is typed

  enum class Browsing { kNothing, kSprites, kLabels, kSave, kMadeIn };
  FileBrowser browser;
  Browsing browsing = Browsing::kNothing;

  bool sheet_open = false;  // the sheet and its cells instead of sprites
  bool as_trained = false;
  std::uint64_t draw = 1;             // number of the batch that is shown as trained
  std::string class_name;             // shown alone; empty: all
  std::optional<FindingKey> finding;  // shown alone
  std::vector<SpriteSection> sections;
  ShownSprites shown;                  // of the sections
  std::uint64_t sections_version = 0;  // of the set that they were made from
  bool to_top = false;                 // the grid begins at its top with the next frame

  bool made_open = false, changes_open = false;
  std::array<int, 2> pad{};  // as typed
  bool typing_pad = false;
  std::string save_path;
  std::string renaming, new_name;  // the class whose menu is open, and what is typed there
  float classes_height = 0;
};

}  // namespace kiln
