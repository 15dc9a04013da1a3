#pragma once

#include <filesystem>
#include <list>
#include <string>
#include <system_error>
#include <vector>

namespace kiln {

// A folder with all that lies in it; what links lead to stands under the link's name.
struct FolderNode {
  std::filesystem::path path;
  std::list<FolderNode> folders;             // sorted by path
  std::vector<std::filesystem::path> files;  // sorted
  std::error_code error;                     // why it could not be read, or not to its end
};

struct FolderTree {
  FolderNode root;
  std::vector<std::string> notes;  // what was not looked into, and why
};

// Reads `root` with every folder in it. Links are followed afterwards, the ones nearest to the root first, and only to folders that
// are not in the tree yet and do not hold it: no link takes a folder's place. Hidden files and systems' own are passed over. Throws
// Failure: kUnreadable (the root), kUnsupported (too much to be a set of sprites).
FolderTree read_folder_tree(const std::filesystem::path& root);

}  // namespace kiln
