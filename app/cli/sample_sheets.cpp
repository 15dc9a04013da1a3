#include "app/cli/sample_sheets.h"

#include <CLI/Option.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "engine/base/error.h"

namespace kiln {
namespace {

constexpr int kSpritesASheet = 1024;

}  // namespace

void SheetSet::add_options(CLI::App& command) {
  constexpr const char* kGroup = "Many sprites";
  command
      .add_option("--sheet-sprites", sprites,
                  "Sprites of a sheet, where --count makes several: sheet-00000.png, … (" + std::to_string(kSpritesASheet) + ")")
      ->group(kGroup)
      ->type_name("N");
  command.add_option("--shards", shards, "Into how many parts the sheets are shared out, each for a program of its own (1)")
      ->group(kGroup)
      ->type_name("K");
  command.add_option("--shard", shard, "Which of them is written here, from 0 on (0)")->group(kGroup)->type_name("I");
}

std::vector<Sheet> sheets_of(const SheetSet& set, std::int64_t total, const std::string& out) {
  if (set.shards < 1 || set.shard < 0 || set.shard >= set.shards)
    throw Failure(ErrorCode::kInvalidArgument,
                  "there is no shard " + std::to_string(set.shard) + " of " + std::to_string(set.shards),
                  "they are numbered from 0 on, as in --shards 4 --shard 3");
  if (set.sprites < 0 || set.sprites > 4096)
    throw Failure(ErrorCode::kInvalidArgument, "a sheet of " + std::to_string(set.sprites) + " sprites cannot be made",
                  "give --sheet-sprites a number from 1 to 4096");
  if (out.find('{') != std::string::npos)
    throw Failure(ErrorCode::kInvalidArgument, "a set of sheets cannot have a name in braces",
                  "leave them out: the sheets are numbered by themselves");
  const std::int64_t each = set.sprites > 0 ? set.sprites : kSpritesASheet;
  const std::filesystem::path path(out);
  std::vector<Sheet> sheets;
  for (std::int64_t sheet = set.shard; sheet * each < total; sheet += set.shards) {
    char number[32];
    std::snprintf(number, sizeof number, "-%05lld", static_cast<long long>(sheet));
    const auto name = path.stem().string() + number + path.extension().string();
    const std::int64_t first = sheet * each;
    sheets.push_back({first, static_cast<int>(std::min(each, total - first)), (path.parent_path() / name).string()});
  }
  return sheets;
}

SampleRequest request_of(const Sheet& sheet, SampleRequest whole) {
  whole.settings.shared_params["count"] = std::int64_t{sheet.count};
  whole.first = sheet.first;
  return whole;
}

}  // namespace kiln
