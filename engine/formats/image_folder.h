#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/base/error.h"

namespace kiln {

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
  std::vector<std::string> notes;        // links and folders that were passed over, folders that are not taken as classes
  std::vector<std::string> splits;       // folders such as train, val, test, whose folders are the classes, together; sorted
  bool flat = false;                     // there are no class folders
};

// The images of a folder of class folders (DATA/potion/red.png; folders below a class belong to it), or of a flat folder, whose one
// class has the folder's name. Where the class folders lie in train, val, test or in a single folder such as data or images, they
// are found there. Links are followed, each folder once. Hidden files and systems' own folders are passed over. Throws Failure:
// kNotFound (no such folder), kUnreadable (not a folder), kUnsupported (too much to be a set of sprites).
ImageFolderListing list_image_folder(const std::filesystem::path& path);

// Whether the name ends as that of an image that read_image reads.
bool has_image_name(const std::filesystem::path& path);

}  // namespace kiln
