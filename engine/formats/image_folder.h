#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "engine/base/error.h"
#include "engine/base/image.h"

namespace kiln {

struct FolderSprite {
  std::string file;  // relative to the folder, with forward slashes
  std::string class_name;
  Image image;
};

struct UnreadableFile {
  std::string file;
  Error error;
};

struct ImagePath {
  std::filesystem::path path;
  std::string file;  // relative to the folder, with forward slashes
  std::string class_name;
};

// What a folder of images holds, before any image is read.
struct ImageFolderListing {
  std::vector<ImagePath> images;         // sorted by file
  std::vector<UnreadableFile> refused;   // folders that cannot be read, images beside class folders; sorted by file
  std::vector<std::string> other_files;  // neither hidden nor named like an image, nor the set file; sorted
  bool flat = false;                     // there are no class folders
};

// Throws Failure: kNotFound (no such folder), kUnreadable (not a folder). Sees classes as read_image_folder does.
ImageFolderListing list_image_folder(const std::filesystem::path& path);

// Whether the name ends as that of an image that read_image reads.
bool has_image_name(const std::filesystem::path& path);

struct ImageFolder {
  std::vector<std::string> classes;        // sorted; each has a sprite
  std::vector<FolderSprite> sprites;       // sorted by file
  std::vector<UnreadableFile> unreadable;  // sorted by file
};

// All images of a folder of class folders (DATA/potion/red.png; folders below a class belong to it), or of a flat folder, whose
// one class has the folder's name. Hidden files and files of other kinds are passed over; images that cannot be read, and images
// that lie beside class folders, are listed in `unreadable`. `progress` is called before each file, with the number done, and at
// the end. Throws Failure: kNotFound (no such folder, no image in it), kUnreadable (not a folder), kCorrupt (no image can be read).
ImageFolder read_image_folder(const std::filesystem::path& path,
                              const std::function<void(std::size_t done, std::size_t total)>& progress = {});

}  // namespace kiln
