#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/api/dataset.h"

namespace kiln {

// A change that can be ticked and unticked.
struct RemedyTick {
  std::string id;     // "pad", "crop", "downscale", "background", "duplicates", "merge.Potion" …
  std::string label;  // "Pad to 16×16"
};

// A finding, and what can be ticked against it.
struct Concern {
  Finding finding;
  std::vector<RemedyTick> ticks;
  bool mended = false;  // the finding is gone, as one of the ticks is set
};

// What can be ticked against a finding; empty where only the artist can mend it.
std::vector<RemedyTick> ticks_for(const Finding& finding);

bool is_set(const Remedies& remedies, const RemedyTick& tick, const Finding& finding);
void set(Remedies& remedies, const RemedyTick& tick, const Finding& finding, bool on);

// The findings of a new report in the order of those before them; ones that a tick has mended stay, so that it can be taken back.
std::vector<Concern> follow(const std::vector<Concern>& before, const std::vector<Finding>& now, const Remedies& remedies);

// Renames a class by the name it has now ("" leaves it out). Names that were given before follow. `originals`: the set's own
// classes.
void rename_class(Remedies& remedies, const std::string& now, const std::string& to, const std::vector<ClassCount>& originals);
// The name that a class of the set has after renaming; empty if it is left out.
std::string class_after(const Remedies& remedies, const std::string& original);

bool may_flip(const Remedies& remedies, const std::string& class_name);
void set_flip(Remedies& remedies, const std::string& class_name, bool on, const std::vector<ClassCount>& classes);

}  // namespace kiln
