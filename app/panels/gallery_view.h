#pragma once

#include <cstdint>
#include <future>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "app/state/grid_selection.h"
#include "app/widgets/file_browser.h"
#include "app/widgets/sprite_pages.h"
#include "engine/api/sampling.h"
#include "engine/base/error.h"
#include "engine/gallery/item.h"
#include "engine/gallery/service.h"

namespace kiln {

// A kept sprite on its way into the batch.
struct KeptSprite {
  Sprite sprite;
  std::string model_path;
};

// What the Gallery tab shows of the gallery, and what the Generate tab must know of it.
struct GalleryView {
  std::shared_ptr<const GallerySnapshot> shown;  // null: it was not read yet
  std::string search, collection;                // collection "": all
  bool starred_only = false;
  GalleryOrder order = GalleryOrder::kNewest;

  std::vector<std::size_t> places;   // into the snapshot's items: those that match, in order
  std::uint64_t places_version = 0;  // of the snapshot that they are of
  std::string places_of;             // the search and all else that they were chosen by
  SpritePages pages;
  bool to_top = false;

  std::string chosen;              // file name of the one that is shown large
  std::set<std::string> selected;  // file names, all of them in `places`
  GridSelection selection;         // the same as numbers into `places`
  bool to_chosen = false;          // scroll until it can be seen
  bool all_settings = false;       // of the chosen one are shown
  std::string new_collection;      // being typed
  std::string folder;              // being typed
  FileBrowser browser;
  std::uint64_t disk_changes = 0;                        // as at the last look
  std::future<std::variant<KeptSprite, Error>> opening;  // being read, to be edited

  // Single sprites that are in the gallery: by what they are known by, in which file; and what the batch's are known by.
  std::map<std::string, std::string> kept;
  std::vector<std::string> batch_keys;
  std::uint64_t batch_version = 0;
  std::map<std::string, bool> asked;  // those that are on their way in (true) or out
};

}  // namespace kiln
