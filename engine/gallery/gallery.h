#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "engine/api/recipe_json.h"
#include "engine/base/file.h"
#include "engine/base/image.h"
#include "engine/gallery/index.h"
#include "engine/gallery/item.h"
#include "engine/gallery/marks.h"

namespace kiln {

// Where kept sprites go unless another folder is chosen: `gallery` in home_folder().
std::filesystem::path default_gallery();

// A folder of PNGs: kept sprites with their recipes, and any others that lie there. `.bin` in it takes what is thrown away,
// `collections.json` holds stars and collections, `.index.sqlite` what was found in the files. Every call works on the disk as it
// is now, writes whole files or none, and never over one that is there. Not for several threads at once; other programs may use the
// folder meanwhile.
class Gallery {
 public:
  explicit Gallery(std::filesystem::path folder);

  const std::filesystem::path& folder() const { return folder_; }
  // As found by the last refresh(), by file name.
  const std::vector<GalleryItem>& items() const { return items_; }
  std::vector<std::string> collections() const;  // their names

  // Looks at the folder again and reads what is new or changed in it. A folder that is not there is empty. True if anything is
  // other than before. Throws Failure: kUnreadable.
  bool refresh();

  // A new file, “potion-0001.png” or with the next number. Returns its name. Throws as write_file.
  std::string keep(const Image& image, const PictureRecipe& picture);

  // A copy of a PNG from elsewhere under such a name, byte for byte. Throws Failure as read_file and decode_image, kUnsupported (no
  // PNG), and as write_file.
  std::string add(const std::filesystem::path& png);

  // Into the bin; their marks are kept for undo(). What cannot be moved stays, and throws Failure(kUnwritable) after the others
  // were moved.
  void remove(const std::vector<std::string>& files);
  // Brings back what the last remove() took, or the one before that …; returns the names, which are others where theirs is taken by
  // now. Throws Failure: kNotFound (nothing was removed, or the bin was emptied), kUnwritable.
  std::vector<std::string> undo();
  bool can_undo() const { return !removed_.empty(); }
  // The files in the bin, by name.
  std::vector<std::string> binned() const;
  // Brings a file of the bin back; returns its name. Throws Failure: kNotFound, kUnwritable.
  std::string restore(const std::string& binned);

  // Throw Failure: kNotFound (no such file); and as read_marks and write_marks.
  void star(const std::vector<std::string>& files, bool on);
  void collect(const std::vector<std::string>& files, const std::string& collection, bool in);

 private:
  struct Removed {
    std::string file, binned;
    Marks marks;
  };
  template <class Change>
  void change_marks(Change change);
  std::string write(const Bytes& png, const PictureRecipe& picture, const std::string& fallback);
  void check_there(const std::vector<std::string>& files) const;
  void mark_items();
  bool read_changed();  // the files that are new or other than the items say

  std::filesystem::path folder_;
  std::unique_ptr<GalleryIndex> index_;  // when the folder is there
  std::vector<GalleryItem> items_;
  Marks marks_;
  std::vector<std::vector<Removed>> removed_;  // the newest last
};

}  // namespace kiln
