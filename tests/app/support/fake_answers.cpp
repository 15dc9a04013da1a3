#include "tests/app/support/fake_answers.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>
#include <utility>

#include "engine/base/rect.h"
#include "tests/app/support/fake_training.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;

constexpr int kSide = 16, kEach = 6;
const char* const kNames[] = {"ghost", "potion", "slime", "sword"};

std::vector<Event> failed(JobId job, ErrorCode code, std::string message, std::string hint) {
  return {JobEnded{job, Outcome::kFailed, {code, std::move(message), std::move(hint), ""}}};
}

template <class Answer>
std::vector<Event> answered(Answer answer) {
  const JobId job = answer.job;
  return {std::move(answer), JobEnded{job, Outcome::kDone, {}}};
}

std::vector<DatasetSprite> fake_set() {
  std::vector<DatasetSprite> sprites;
  for (int kind = 0; kind < static_cast<int>(std::size(kNames)); ++kind) {
    for (int i = 0; i < kEach; ++i) {
      DatasetSprite sprite;
      sprite.class_name = kNames[kind];
      sprite.file = sprite.class_name + "/" + std::to_string(i) + ".png";
      sprite.image = fake_sprite(kind, static_cast<std::uint64_t>(i), kSide);
      sprites.push_back(std::move(sprite));
    }
  }
  return sprites;
}

DatasetReport report_of(const CheckDataset& command, const std::vector<DatasetSprite>& sprites) {
  DatasetReport report;
  report.path = command.source.path;
  report.sprites = report.alpha_hard = static_cast<int>(sprites.size());
  for (const char* name : kNames) report.classes.push_back({name, kEach});
  report.sizes.push_back({kSide, kSide, report.sprites, 1, sprites.front().file});
  report.fewest_colours = 3;
  report.median_colours = 8;
  report.most_colours = 20;
  report.colours = 60;
  report.palette = Palette{"set", {{200, 60, 60}, {60, 200, 60}, {60, 60, 200}}};
  report.left_out.push_back({"notes.png", {ErrorCode::kCorrupt, "“notes.png” is cut off", "save it again", ""}});
  if (command.preprocessing.drop_duplicates) return report;
  Finding finding;
  finding.key.id = "duplicates";
  finding.message = "2 of " + std::to_string(report.sprites) + " sprites are equal";
  finding.advice = "leave one of them out";
  finding.files = {sprites[0].file, sprites[1].file};
  finding.fixes.push_back(command.preprocessing);
  finding.fixes.back().drop_duplicates = true;
  report.equal = {finding.files};
  report.findings.push_back(std::move(finding));
  return report;
}

// In rows, as many in each as the options say; where cells are given, as those have it.
ExportPreviewed sheet_of(JobId job, const ExportSprites& what) {
  std::vector<int> cells = what.cells;
  for (int i = 0; what.cells.empty() && i < static_cast<int>(what.sprites.size()); ++i) cells.push_back(i);
  const auto asked = what.options.find("columns");
  int columns = asked == what.options.end() ? 0 : static_cast<int>(std::get<std::int64_t>(asked->second));
  const auto count = static_cast<int>(cells.size());
  if (columns < 1) columns = static_cast<int>(std::ceil(std::sqrt(static_cast<double>(count))));
  columns = std::clamp(columns, 1, std::max(1, count));
  const Image& first = what.sprites.front().image;
  ExportPreviewed preview;
  preview.job = job;
  preview.files = {{what.path, 1000}};
  preview.columns = columns;
  preview.sheet = Image(columns * first.width, (count + columns - 1) / columns * first.height);
  preview.width = preview.sheet.width;
  preview.height = preview.sheet.height;
  for (int i = 0; i < count; ++i) {
    const int sprite = cells[static_cast<std::size_t>(i)];
    const Rect area{i % columns * first.width, i / columns * first.height, first.width, first.height};
    preview.cells.push_back({area, sprite});
    if (sprite >= 0) paste(preview.sheet, what.sprites[static_cast<std::size_t>(sprite)].image, area.x, area.y);
  }
  return preview;
}

struct Answer {
  std::vector<Event> operator()(const PreviewExport& command) const {
    if (const auto* sheet = std::get_if<ExportSprites>(&command.what))
      return sheet->sprites.empty() ? no_sprites(command.job) : answered(sheet_of(command.job, *sheet));
    const auto& fade = std::get<ExportAnimation>(command.what);
    if (fade.frames.empty()) return no_sprites(command.job);
    const Image last = fade.frames.back().sprite(0);
    return answered(ExportPreviewed{command.job, {{fade.path, 1000}}, last.width, last.height, last, 1, {}});
  }
  std::vector<Event> operator()(const ExportAnimation& command) const { return no_sprites(command.job); }

  std::vector<Event> operator()(const CheckDataset& command) const {
    std::error_code ignored;
    if (!fs::exists(command.source.path, ignored))
      return failed(command.job, ErrorCode::kNotFound, "there is no “" + command.source.path + "”", "check the path");
    std::vector<DatasetSprite> sprites = fake_set();
    DatasetReport report = report_of(command, sprites);
    return answered(DatasetChecked{command.job, std::move(report), std::move(sprites)});
  }
  std::vector<Event> operator()(const PreviewDataset& command) const {
    std::vector<DatasetSprite> sprites = fake_set();
    std::erase_if(sprites,
                  [&](const DatasetSprite& s) { return !command.class_name.empty() && s.class_name != command.class_name; });
    return answered(DatasetPreviewed{command.job, std::move(sprites)});
  }
  std::vector<Event> operator()(const ShowSheet& command) const {
    SheetShown shown{command.job, command.source.path, 0, 0, {}, {}};
    const auto sprites = fake_set();
    shown.sheet = Image(kEach * kSide, static_cast<int>(std::size(kNames)) * kSide);
    shown.width = shown.sheet.width;
    shown.height = shown.sheet.height;
    for (int i = 0; i < static_cast<int>(sprites.size()); ++i) {
      shown.cells.push_back({std::to_string(i), i % kEach * kSide, i / kEach * kSide, kSide, kSide});
      paste(shown.sheet, sprites[static_cast<std::size_t>(i)].image, shown.cells.back().x, shown.cells.back().y);
    }
    return answered(std::move(shown));
  }
  std::vector<Event> operator()(const DrawStarterSet& command) const {
    std::error_code error;
    fs::create_directories(command.out, error);
    if (error) return failed(command.job, ErrorCode::kUnwritable, "“" + command.out + "” cannot be made", "choose another folder");
    return answered(DatasetWritten{command.job, command.out, {{kNames[0], kEach}}, {}, {}});
  }
  std::vector<Event> operator()(const EvaluateModel& command) const {
    EvaluationOverview overview;
    overview.count = kEach;
    overview.draws = 1;
    overview.measures = {{"Recall", "How many of the set's kinds are made", "0.50 ± 0.01", "0.90"},
                         {"Precision", "How many look like the set's", "0.60 ± 0.01", "–"}};
    overview.classes = {{kNames[0], "90 %", {fake_sprite(0, 1, kSide)}}};
    overview.suspects = {{fake_sprite(0, 2, kSide), fake_sprite(0, 3, kSide), kNames[0], "ghost/3.png", 0.1}};
    return answered(ModelEvaluated{command.job, std::move(overview)});
  }

  // All others that begin a job; what only steers one has no answer.
  template <class Other>
  std::vector<Event> operator()(const Other& command) const {
    if constexpr (requires { command.job; })
      return failed(command.job, ErrorCode::kUnsupported, "the made-up engine does not do that", "take the real one");
    return {};
  }

  static std::vector<Event> no_sprites(JobId job) {
    return failed(job, ErrorCode::kInvalidArgument, "there are no sprites to write", "make some first");
  }
};

}  // namespace

std::vector<Event> fake_answer(const Command& command) { return std::visit(Answer(), command); }

}  // namespace kiln
