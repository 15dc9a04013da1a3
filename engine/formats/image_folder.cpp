#include "engine/formats/image_folder.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <system_error>
#include <utility>

#include "engine/base/lower_case.h"
#include "engine/base/text.h"
#include "engine/formats/folder_tree.h"
#include "engine/formats/set_file.h"
#include "engine/formats/split_names.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;

bool has_images(const FolderNode& folder) { return std::any_of(folder.files.begin(), folder.files.end(), has_image_name); }

// In it or below.
bool holds_images(const FolderNode& folder) {
  return has_images(folder) || std::any_of(folder.folders.begin(), folder.folders.end(), holds_images);
}

std::string name_of(const FolderNode& folder) { return folder.path.filename().string(); }

using Folders = std::vector<const FolderNode*>;

// Those below that hold images.
Folders image_folders(const FolderNode& folder) {
  Folders found;
  for (const FolderNode& inner : folder.folders) {
    if (holds_images(inner)) found.push_back(&inner);
  }
  return found;
}

// Those of train, val and the like that hold class folders: any, or two of the weaker names.
Folders splits_in(const FolderNode& folder) {
  Folders found;
  bool sure = false;
  for (const FolderNode* inner : image_folders(folder)) {
    const SplitName name = split_name(name_of(*inner));
    if (name == SplitName::kNone || image_folders(*inner).empty()) continue;
    found.push_back(inner);
    sure |= name == SplitName::kSplit;
  }
  return sure || found.size() > 1 ? found : Folders{};
}

// The folder that holds the class folders or the splits: `folder`, or what is the only one in it and called data, images or the
// like.
const FolderNode& unwrapped(const FolderNode& folder) {
  static constexpr std::array<std::string_view, 6> kWrappers = {"data", "dataset", "images", "image", "imgs", "img"};
  const Folders inner = image_folders(folder);
  if (inner.size() != 1 || image_folders(*inner.front()).empty()) return folder;
  const bool has_that_name =
      std::find(kWrappers.begin(), kWrappers.end(), lower_case(name_of(*inner.front()))) != kWrappers.end() &&
      !has_images(*inner.front());
  const FolderNode& below = unwrapped(*inner.front());
  return has_that_name || !splits_in(below).empty() ? below : folder;
}

class Lister {
 public:
  explicit Lister(const fs::path& root) : root_(root) {}

  ImageFolderListing list() {
    FolderTree tree = read_folder_tree(root_);
    listing_.notes = std::move(tree.notes);
    std::erase_if(tree.root.files, [](const fs::path& path) { return path.filename() == kSetFileName; });
    add_rest(tree.root);
    const FolderNode& top = unwrapped(tree.root);
    if (top.path != root_)
      listing_.notes.push_back("the folder “" + relative(top.path) + "” is not taken as a class, but the folders in it");
    const Folders splits = splits_in(top);
    for (const FolderNode* folder : image_folders(top)) {
      if (std::find(splits.begin(), splits.end(), folder) == splits.end())
        add_class(*folder, name_of(*folder));
      else
        add_split(*folder);
    }
    if (listing_.images.empty())
      add_loose(tree.root);
    else
      refuse_loose(tree.root, top);
    sort();
    return std::move(listing_);
  }

 private:
  std::string relative(const fs::path& path) const { return path.lexically_relative(root_).generic_string(); }

  // What are no images, in all folders.
  void add_rest(const FolderNode& folder) {
    for (const fs::path& path : folder.files) {
      if (!has_image_name(path)) listing_.other_files.push_back(relative(path));
    }
    if (folder.error) {
      listing_.refused.push_back({relative(folder.path),
                                  {ErrorCode::kUnreadable,
                                   "the folder “" + relative(folder.path) + "” cannot be read: " + folder.error.message(),
                                   "check that you may read it",
                                   {}}});
    }
    for (const FolderNode& inner : folder.folders) add_rest(inner);
  }

  void add_class(const FolderNode& folder, const std::string& name) {
    for (const fs::path& path : folder.files) {
      if (has_image_name(path)) listing_.images.push_back({path, relative(path), name});
    }
    for (const FolderNode& inner : folder.folders) add_class(inner, name);
  }

  void add_split(const FolderNode& split) {
    listing_.splits.push_back(relative(split.path));
    const FolderNode& classes = unwrapped(split);
    for (const FolderNode* folder : image_folders(classes)) add_class(*folder, name_of(*folder));
    refuse_loose(split, classes);
  }

  // The images in `from`, in what it wraps, and so on to `to`.
  void refuse_loose(const FolderNode& from, const FolderNode& to) {
    if (&from != &to) refuse_loose(*image_folders(from).front(), to);
    for (const fs::path& path : from.files) {
      if (!has_image_name(path)) continue;
      listing_.refused.push_back({relative(path),
                                  {ErrorCode::kInvalidArgument,
                                   "“" + relative(path) + "” lies beside the class folders and has no class",
                                   "move it into a class folder",
                                   {}}});
    }
  }

  // Of a folder without class folders, the images are one class.
  void add_loose(const FolderNode& root) {
    std::error_code error;
    const fs::path full = fs::canonical(root_, error);
    listing_.flat = has_images(root);
    for (const fs::path& path : root.files) {
      if (has_image_name(path)) listing_.images.push_back({path, relative(path), (error ? root_ : full).filename().string()});
    }
  }

  void sort() {
    const auto by_file = [](const auto& a, const auto& b) { return a.file < b.file; };
    std::sort(listing_.images.begin(), listing_.images.end(), by_file);
    std::sort(listing_.refused.begin(), listing_.refused.end(), by_file);
    std::sort(listing_.other_files.begin(), listing_.other_files.end());
  }

  fs::path root_;
  ImageFolderListing listing_;
};

}  // namespace

bool has_image_name(const fs::path& path) {
  static constexpr std::array<std::string_view, 14> kExtensions = {".png", ".apng", ".ase",  ".aseprite", ".bmp", ".tga", ".gif",
                                                                   ".jpg", ".jpeg", ".webp", ".psd",      ".pnm", ".ppm", ".pgm"};
  return std::find(kExtensions.begin(), kExtensions.end(), lower_case(path.extension().string())) != kExtensions.end();
}

ImageFolderListing list_image_folder(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) throw Failure(ErrorCode::kNotFound, "there is no folder “" + path.string() + "”", "check the path");
  if (!fs::is_directory(status)) {
    throw Failure(ErrorCode::kUnreadable, "“" + path.string() + "” is not a folder",
                  "choose the folder that holds the class folders");
  }
  return Lister(path).list();
}

}  // namespace kiln
