#pragma once

#include <optional>

#include "engine/data/copies.h"
#include "engine/data/sprite_source.h"
#include "engine/data/stepped_work.h"

namespace kiln {

// Looks a collection over, in small steps.
class ReportWork {
 public:
  // `collection` must outlive this. `path`: what the report calls it.
  ReportWork(const SpriteCollection& collection, std::string path);
  ReportWork(const ReportWork&) = delete;
  ReportWork& operator=(const ReportWork&) = delete;

  bool step() { return work_.step(); }  // false when nothing is left
  std::int64_t done() const { return work_.done(); }
  std::int64_t total() const { return work_.total(); }
  DatasetReport take();  // once, at the end

 private:
  void look_at(const DatasetSprite& sprite);
  void count_sizes();
  void begin_near_search();
  std::vector<std::vector<std::string>> named(const std::vector<std::vector<std::size_t>>& groups) const;

  const SpriteCollection& collection_;
  DatasetReport report_;
  std::vector<std::vector<std::size_t>> by_size_;
  EqualSearch equal_;
  std::optional<NearSearch> near_;
  std::vector<int> colours_;   // per sprite
  std::vector<bool> palette_;  // of each of the 2^24 colours, whether it occurs
  SteppedWork work_;
};

// What an artist may want to fix, the gravest first: a pure function of the report's numbers, and of the collection for its
// sprites' names and its splits.
std::vector<Finding> findings_of(const DatasetReport& report, const SpriteCollection& collection);

// What an artist may want though nothing was found.
std::vector<Preprocessing> offers_of(const DatasetReport& report);

}  // namespace kiln
