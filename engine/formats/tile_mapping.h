#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kiln {

// Which files of an archive belong to which class: lines of class, folder and patterns of names, of which the first that fits
// decides. Without patterns a line takes the whole folder, "folder/**" with the folders below it. The class "-" leaves out.
class TileMapping {
 public:
  // Throws Failure(kCorrupt), naming the line. `name` is what errors call it.
  TileMapping(std::string_view text, std::string_view name);

  // The class of a file by its folder and its name without ending; empty if it is left out.
  std::string class_of(std::string_view folder, std::string_view name) const;

 private:
  struct Rule {
    std::string class_name, folder;
    bool below = false;  // the folders below it as well
    std::vector<std::string> patterns;
  };
  std::vector<Rule> rules_;
};

}  // namespace kiln
