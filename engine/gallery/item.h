#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/image.h"

namespace kiln {

inline constexpr int kLargestThumbnail = 64;  // pixels, of a side

// What a gallery knows of one PNG.
struct GalleryItem {
  std::string file;                  // its name in the folder
  std::int64_t changed_ns = 0;       // since 1970
  std::int64_t bytes = 0;            // of the file
  int width = 0, height = 0;         // of the picture; 0 where it cannot be read
  std::string problem;               // why it, or its recipe, cannot be read; or ""
  std::string recipe;                // JSON text (recipe_text); "": a picture from elsewhere
  std::string class_name;            // "potion", "potion + sword"; "" without one
  std::string model;                 // its name
  std::uint64_t seed = 0;            // of the first sprite
  int sprites = 0;                   // in the recipe
  std::vector<std::string> colours;  // "#a0b1c2", the most frequent ones first
  Image thumbnail;                   // the picture itself, or every n-th pixel of one with a side above kLargestThumbnail
  bool starred = false;
  std::vector<std::string> collections;  // by name
  std::string words;                     // all that a search looks through, in lower case
};

// What the file holds. Never throws: what cannot be read is the item's problem. The marks and `words` are not filled in.
GalleryItem read_item(const std::string& folder, const std::string& file, std::int64_t changed_ns, std::int64_t bytes);

// Fills in `words`.
void gather_words(GalleryItem& item);

// Whether each word of `search`, in any case, is somewhere in the item's words: its file, class, model, seed, date, collections,
// colours and the settings it was made with.
bool matches(const GalleryItem& item, const std::string& search);

// "2026-03-31", the local day.
std::string day_of(const GalleryItem& item);

enum class GalleryOrder { kNewest, kOldest, kClass, kModel, kName };
inline constexpr const char* kGalleryOrders[] = {"newest", "oldest", "class", "model", "name"};

// The places of those that match, in that order; equal ones by name. `collection`: of it only; "": all.
std::vector<std::size_t> chosen_items(const std::vector<GalleryItem>& items, const std::string& search, bool starred_only,
                                      const std::string& collection, GalleryOrder order);

}  // namespace kiln
