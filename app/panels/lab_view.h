#pragma once

#include <cstdint>
#include <future>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/api/lab.h"
#include "engine/base/error.h"

namespace kiln {

// An image that is looked at in place of the chosen sprite.
struct LabImage {
  Image image = {};
  std::string name = {};
  std::optional<Error> problem = {};  // then there is nothing else
};

// What the Lab tab shows, and where the pointer is in it.
struct LabView {
  bool follows = true;  // the chosen sprite of the Generate tab
  Image sprite;
  std::string name;
  Condition made_with;  // if it was made here
  std::uint64_t followed_version = 0;
  int followed_index = -1;
  std::future<LabImage> coming;
  std::optional<Condition> condition;        // none: what it was made with
  std::optional<LabRequest> asked;           // what is shown, or on its way
  std::optional<std::pair<int, int>> pixel;  // under the pointer, of the sprite
  int layer = 0;                             // of attention
  std::size_t entry = 0;                     // of the palette head, whose probabilities are shown as a picture
  std::uint64_t entries_version = 0;
  std::vector<std::size_t> entries;  // those with a bar
  std::uint64_t strip_version = 0;
  std::size_t strip_room = 0;
  std::vector<int> strip_steps;  // which of the path's are shown
  std::vector<Image> strip;      // of each x_t, then of each predicted sprite
};

}  // namespace kiln
