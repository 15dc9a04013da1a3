#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/api/dataset.h"

namespace kiln {

// A change that can be ticked and unticked.
struct FixTick {
  std::string id;     // "pad", "crop", "downscale", "background", "duplicates", "merge.Potion" …
  std::string label;  // "Pad to 16×16"
};

// A finding, and what can be ticked against it.
struct Issue {
  Finding finding;
  std::vector<FixTick> ticks;
  bool fixed = false;  // the finding is gone, as one of the ticks is set
};

// What can be ticked against a finding; empty where only the artist can fix it.
std::vector<FixTick> ticks_for(const Finding& finding);

bool is_set(const Preprocessing& preprocessing, const FixTick& tick, const Finding& finding);
void set(Preprocessing& preprocessing, const FixTick& tick, const Finding& finding, bool on);

// The findings of a new report in the order of those before them; ones that a tick has fixed stay, so that it can be taken back.
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
