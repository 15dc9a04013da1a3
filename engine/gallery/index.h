#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "engine/gallery/item.h"

struct sqlite3;

namespace kiln {

// What was found in a gallery's files, so that they need not be read again: an SQLite database that may be deleted at any time. It
// holds nothing that is not in the files. Where it cannot be written, or is damaged and cannot be made anew, it lives in memory.
class GalleryIndex {
 public:
  // Never throws for what the file holds or where it lies.
  explicit GalleryIndex(const std::filesystem::path& file);
  ~GalleryIndex();
  GalleryIndex(const GalleryIndex&) = delete;
  GalleryIndex& operator=(const GalleryIndex&) = delete;

  // All items, by file name; without marks and words.
  std::vector<GalleryItem> items();
  // Puts these in, in place of those with their names, and takes the others away. What cannot be written is read again next time.
  void change(const std::vector<const GalleryItem*>& put, const std::vector<std::string>& gone);

 private:
  bool open(const std::string& name);

  sqlite3* database_ = nullptr;
};

}  // namespace kiln
