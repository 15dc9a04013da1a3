#pragma once

#include <CLI/App.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/api/sampling.h"

namespace kiln {

// More sprites than one request makes, as a set of sheets: which of them there are depends on nothing but the set, so that several
// programs can each write a shard of it.
struct SheetSet {
  int sprites = 0;  // of a sheet; 0: not asked for
  int shards = 1, shard = 0;

  void add_options(CLI::App& command);
  bool is_asked_for() const { return sprites > 0 || shards > 1; }
};

struct Sheet {
  std::int64_t first;  // its first sprite's number in the set
  int count;
  std::string out;  // “sheet.png” becomes “sheet-00000.png”, …
};

// The shard's sheets of a set of `total` sprites. Throws Failure(kInvalidArgument) for a shard that there is not, and for names in
// braces, which number sprites themselves.
std::vector<Sheet> sheets_of(const SheetSet& set, std::int64_t total, const std::string& out);

// A sheet's part of a request for the whole set.
SampleRequest request_of(const Sheet& sheet, SampleRequest whole);

}  // namespace kiln
