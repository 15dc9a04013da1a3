#pragma once

#include <string>
#include <vector>

#include "engine/api/dataset.h"

namespace kiln {

// A finding, as long as the artist may want to see it.
struct Issue {
  Finding finding;
  bool fixed = false;  // it is gone, as one of its fixes is applied
};

// The findings of a new report in the order of those before them; ones that a fix has fixed stay, so that it can be taken back.
std::vector<Issue> follow(const std::vector<Issue>& before, const std::vector<Finding>& now, const Preprocessing& preprocessing);

// Renames a class by the name it has now ("" leaves it out). Names that were given before follow. `originals`: the set's own
// classes.
void rename_class(Preprocessing& preprocessing, const std::string& now, const std::string& to,
                  const std::vector<ClassCount>& originals);
// The name that a class of the set has after renaming; empty if it is left out.
std::string class_after(const Preprocessing& preprocessing, const std::string& original);

bool may_flip(const Preprocessing& preprocessing, const std::string& class_name);
void set_flip(Preprocessing& preprocessing, const std::string& class_name, bool on, const std::vector<ClassCount>& classes);

}  // namespace kiln
