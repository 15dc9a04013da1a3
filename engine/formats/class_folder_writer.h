#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "engine/base/image.h"

namespace kiln {

// Writes a folder of class folders of PNGs, whole or not at all: everything goes into a hidden folder beside it, which takes its
// name at the end. Within the folder, `.spritekiln-files` lists what was written with its SHA-256, as sha256sum does; a folder
// that holds exactly these files may be written anew, any other that is not empty is refused.
class ClassFolderWriter {
 public:
  // Throws Failure: kUnwritable (not empty and not this program's, no permission), kDiskFull.
  explicit ClassFolderWriter(const std::filesystem::path& out);
  ClassFolderWriter(const ClassFolderWriter&) = delete;
  ClassFolderWriter& operator=(const ClassFolderWriter&) = delete;
  ~ClassFolderWriter();  // leaves nothing behind unless finish() was called

  // CLASS/NAME.png, or NAME-2, NAME-3 … if that is taken. What cannot be part of a file's name becomes “_”; classes that would have
  // one folder have CLASS, CLASS-2, … In a folder `part` around the class's, if one is named. Returns the file, relative to the
  // folder. Throws Failure: kUnwritable, kDiskFull.
  std::string add(std::string_view class_name, std::string_view name, const Image& image, std::string_view part = {});

  // A file beside the class folders. Throws as add.
  void add_text(std::string_view name, std::string_view text);

  // Throws as add, and as the constructor if something came to lie there meanwhile.
  void finish();

 private:
  const std::string& folder_of(std::string_view class_name);

  std::filesystem::path out_;
  std::filesystem::path temporary_;
  std::set<std::string> files_;                              // lower case, as some file systems see them
  std::map<std::string, std::string, std::less<>> folders_;  // by class
  std::map<std::string, std::string> sums_;                  // by file
};

// `name` as a file's or folder's name: without slashes, control characters, a leading dot, or bytes that are not UTF-8.
std::string as_file_name(std::string_view name);

}  // namespace kiln
