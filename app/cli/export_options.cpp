#include "app/cli/export_options.h"

#include <CLI/Option.hpp>
#include <filesystem>

#include "engine/api/data_file.h"
#include "engine/base/error.h"
#include "engine/base/file.h"

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
  command.add_flag("--force", force_, "Replaces files that are there");
  specs_.add(command, sheet_specs(), "Sheet", true);
}

ParamMap ExportOptions::values() const { return validated(sheet_specs(), specs_.values(sheet_specs(), "sheet"), "sheet"); }

bool ExportOptions::indexed() const { return get_bool(values(), "indexed"); }

int ExportOptions::whole(const char* id) const { return static_cast<int>(get_int(values(), id)); }

void ExportOptions::check_file(const std::string& path) const {
  check_writable(path);
  std::error_code error;
  if (!force_ && std::filesystem::is_regular_file(path, error))
    throw Failure(ErrorCode::kUnwritable, "“" + path + "” is there already", "choose another name, or replace it with --force");
}

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

}  // namespace kiln
