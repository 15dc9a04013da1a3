#include "app/cli/export_options.h"

#include <CLI/Option.hpp>
#include <algorithm>

#include "app/cli/output_options.h"
#include "engine/api/data_file.h"
#include "engine/base/error.h"

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
}

ParamMap ExportOptions::values() const {
  ParamMap given = specs_.values(sheet_specs(), "sheet");
  given.insert(proposed_.begin(), proposed_.end());
  return validated(sheet_specs(), given, "sheet");
}

bool ExportOptions::indexed() const { return get_bool(values(), "indexed"); }

int ExportOptions::whole(const char* id) const { return static_cast<int>(get_int(values(), id)); }

void ExportOptions::check_file(const std::string& path) const { check_new_file(path, force_); }

void ExportOptions::check() const {
  if (!lower_ending(out_).empty()) check_ending("--out", out_, {".png", ".npy", ".npz"});
  const ParamMap all = values();
  if (export_format(out_) == ExportFormat::kFiles) return;  // which files these are, the sprites say
  check_file(out_);
  const std::string data = data_file(get_text(all, "atlas"), out_);
  if (!data.empty()) check_file(data);
}

std::vector<std::string> ExportOptions::write(EngineRunner& engine, std::vector<Sprite> sprites, std::vector<Rgb8> palette) const {
  std::vector<std::string> written;
  const JobId job = engine.next_id();
  try {
    engine.run(job, ExportSprites{job, out_, std::move(sprites), values(), std::move(palette), force_},
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
                                          const std::string& apng, const std::vector<Frame>& frames, int hold_ms) {
  constexpr int kLeastScale = 4, kFrameMs = 80;
  std::vector<std::string> written;
  for (const auto& animation : {gif, apng}) {
    if (animation.empty()) continue;
    const JobId job = engine.next_id();
    engine.run(job, ExportAnimation{job, animation, frames, exporting.whole("columns"), exporting.whole("padding"),
                                    std::max(kLeastScale, exporting.whole("scale")), kFrameMs, hold_ms, exporting.force()});
    written.push_back(animation);
  }
  return written;
}

}  // namespace kiln
