#include "app/cli/export_options.h"

#include <CLI/Option.hpp>
#include <algorithm>

#include "app/cli/output_options.h"
#include "engine/api/data_file.h"
#include "engine/base/error.h"
#include "engine/base/text.h"

namespace kiln {

void ExportOptions::add(CLI::App& command, const std::string& out) {
  out_ = out;
  command
      .add_option("--out", out_,
                  "One sheet, a PNG; a PNG for each sprite, where braces are in the name, as in {class}_{n:03}.png; or one NumPy "
                  "array of bytes [N, H, W, 4], if it ends in .npy or .npz" +
                      (out.empty() ? "" : " (" + out + ")"))
      ->required(out.empty())
      ->type_name("FILE.png | FILE.npy | FILE.npz");
  add_force(command, force_);
  specs_.add(command, sheet_specs(), kGroup, true);
  command
      .add_option("--cells", cells_,
                  "Which sprite lies in each cell of a sheet, in rows, from 0 on, each once, and - for an empty cell: 2,0,-,1")
      ->group(kGroup)
      ->type_name("N,N,-,N");
}

ParamMap ExportOptions::values() const {
  ParamMap given = specs_.values(sheet_specs(), "sheet");
  given.insert(proposed_.begin(), proposed_.end());
  return validated(sheet_specs(), given, "sheet");
}

std::vector<int> ExportOptions::cells() const {
  if (cells_.empty()) return proposed_cells_;
  std::vector<int> cells;
  for (const auto& part : split(cells_, ',')) {
    const std::string text(trimmed(part));
    const auto number = text == "-" ? std::optional<long long>(-1) : parse_int(text);
    if (!number || (*number < 0 && text != "-") || *number > 65535)
      throw Failure(ErrorCode::kInvalidArgument, "“" + text + "” in --cells is no sprite", "write them as 2,0,-,1, from 0 on");
    cells.push_back(static_cast<int>(*number));
  }
  return cells;
}

void ExportOptions::check_cells(std::size_t sprites) const {
  std::vector<int> cells = this->cells();
  if (cells.empty()) return;
  std::erase_if(cells, [](int sprite) { return sprite < 0; });
  std::sort(cells.begin(), cells.end());
  bool once = cells.size() == sprites;
  for (std::size_t i = 0; once && i < cells.size(); ++i) once = cells[i] == static_cast<int>(i);
  if (!once)
    throw Failure(ErrorCode::kInvalidArgument, "--cells does not name each of the " + std::to_string(sprites) + " sprites once",
                  "they are numbered from 0 on; - is an empty cell");
}

bool ExportOptions::indexed() const { return get_bool(values(), "indexed"); }

int ExportOptions::whole(const char* id) const { return static_cast<int>(get_int(values(), id)); }

int ExportOptions::animation_scale() const {
  constexpr int kScale = 4;
  const std::vector<std::string> given = specs_.given();
  return std::find(given.begin(), given.end(), "scale") == given.end() ? kScale : whole("scale");
}

void ExportOptions::check_file(const std::string& path) const { check_new_file(path, force_); }

void ExportOptions::check() const {
  if (!lower_ending(out_).empty()) check_ending("--out", out_, {".png", ".npy", ".npz"});
  const ParamMap all = values();
  if (export_format(out_) == ExportFormat::kFiles) return;  // which files these are, the sprites say
  check_file(out_);
  const std::string data = data_file(get_text(all, "atlas"), out_);
  if (!data.empty()) check_file(data);
}

std::vector<std::string> ExportOptions::write(EngineRunner& engine, std::vector<Sprite> sprites, std::vector<Rgb8> palette,
                                              const std::string& animation) const {
  std::vector<std::string> written;
  std::vector<int> cells = this->cells();
  const auto filled = std::count_if(cells.begin(), cells.end(), [](int sprite) { return sprite >= 0; });
  if (static_cast<std::size_t>(filled) != sprites.size()) cells.clear();  // a run that was stopped has fewer
  const JobId job = engine.next_id();
  try {
    engine.run(job, ExportSprites{job, out_, std::move(sprites), values(), std::move(palette), force_, std::move(cells), animation},
               {[&](const Event& event) {
                  if (const auto* exported = std::get_if<Exported>(&event)) written.push_back(exported->path);
                },
                {}});
  } catch (const Failure& failure) {
    Error error = failure.error();
    if (error.message.ends_with("is there already")) error.hint = "choose another name, or replace it with --force";
    throw Failure(std::move(error));
  }
  return written;
}

ModelInfo model_info(const std::string& model, EngineRunner& engine) {
  ModelInfo info;
  const JobId job = engine.next_id();
  engine.run(job, OpenModel{job, model},
             {[&](const Event& event) {
                if (const auto* opened = std::get_if<ModelOpened>(&event)) info = opened->info;
              },
              {}});
  return info;
}

void check_animations(const ExportOptions& exporting, const std::string& gif, const std::string& apng) {
  if (!gif.empty()) check_ending("--gif", gif, {".gif"});
  if (!apng.empty()) check_ending("--apng", apng, {".png", ".apng"});
  for (const auto& animation : {gif, apng}) {
    if (animation.empty()) continue;
    exporting.check_file(animation);
    if (animation == exporting.out())
      throw Failure(ErrorCode::kInvalidArgument, "“" + animation + "” would be both the sheet and the animation",
                    "give them names of their own");
  }
}

std::vector<std::string> write_animations(const ExportOptions& exporting, EngineRunner& engine, const std::string& gif,
                                          const std::string& apng, const std::vector<Frame>& frames, int frame_ms, int hold_ms) {
  std::vector<std::string> written;
  for (const auto& animation : {gif, apng}) {
    if (animation.empty()) continue;
    const JobId job = engine.next_id();
    engine.run(job, ExportAnimation{job, animation, frames, exporting.whole("columns"), exporting.whole("padding"),
                                    exporting.animation_scale(), frame_ms, hold_ms, exporting.force()});
    written.push_back(animation);
  }
  return written;
}

}  // namespace kiln
