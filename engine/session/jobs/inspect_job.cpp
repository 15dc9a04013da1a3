#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/api/export.h"
#include "engine/base/byte_source.h"
#include "engine/base/param_json.h"
#include "engine/base/text.h"
#include "engine/data/collected_set.h"
#include "engine/data/collection_reader.h"
#include "engine/data/duplicates.h"
#include "engine/formats/file_kind.h"
#include "engine/formats/image_file.h"
#include "engine/formats/image_folder.h"
#include "engine/formats/npz.h"
#include "engine/formats/palette_choice.h"
#include "engine/formats/palette_file.h"
#include "engine/formats/weight_files.h"
#include "engine/network/import/import.h"
#include "engine/pixelart/alpha.h"
#include "engine/pixelart/colours.h"
#include "engine/session/jobs/make_job.h"
#include "engine/session/jobs/one_step_job.h"

namespace kiln {
namespace {

using nlohmann::json;

std::string joined_lines(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) text += line + "\n";
  return text;
}

std::string sampling_text(const ParamMap& sampling) {
  std::string text;
  for (const auto& [id, value] : sampling) text += (text.empty() ? "" : ", ") + id + " " + to_string(value);
  return text.empty() ? "as by default" : text;
}

Report report_model(JobId job, const ModelInfo& info) {
  const std::string size = std::to_string(info.width) + "×" + std::to_string(info.height) + (info.channels == 4 ? " RGBA" : " RGB");
  std::vector<std::string> lines = {
      info.name + ": a model of " + size + " sprites",
      "network     " + info.network + ", " + std::to_string(info.parameters) + " parameters",
      "diffusion   " + info.schedule + ", predicts " + info.prediction,
      "trained     " + std::to_string(info.trained_steps) + " steps" +
          (info.distilled ? ", distilled to draw in 1 to " + std::to_string(info.timesteps) : ""),
      "sampling    " + sampling_text(info.sampling),
      "palette     " + (info.palette.colours.empty() ? "none: more than 256 colours, or not known"
                                                     : std::to_string(info.palette.colours.size()) + " colours"),
      "credits     " + (info.credits.empty() ? "none given" : info.credits),
      "licence     " + (info.licence.empty() ? "none given" : info.licence),
      "classes     " + std::to_string(info.classes.size())};
  for (std::size_t c = 0; c < info.classes.size(); ++c) {
    const int frames = info.frames.empty() ? 0 : info.frames[c];
    lines.push_back("            " + info.classes[c] + (frames > 0 ? ", " + std::to_string(frames) + " frames" : ""));
  }
  for (const auto& note : info.notes) lines.push_back("note        " + note);
  const json document = {{"kind", "model"},
                         {"path", info.path},
                         {"hash", info.hash},
                         {"network", info.network},
                         {"parameters", info.parameters},
                         {"width", info.width},
                         {"height", info.height},
                         {"channels", info.channels},
                         {"classes", info.classes},
                         {"frames", info.frames},
                         {"schedule", info.schedule},
                         {"prediction", info.prediction},
                         {"trained_steps", info.trained_steps},
                         {"credits", info.credits},
                         {"licence", info.licence},
                         {"sampling", info.sampling},
                         {"palette", colours_text(info.palette)},
                         {"notes", info.notes}};
  return {job, joined_lines(lines), document.dump()};
}

Report report_folder(JobId job, const std::string& path) {
  SpriteCollection found = read_collection({path, {}, {}, {}});
  if (found.sprites.size() == 1) {
    const auto& sprite = found.sprites.front();
    return {job, "one sprite, " + sprite.file + ": a set needs more\n",
            json{{"kind", "data"}, {"path", path}, {"sprites", 1}, {"width", sprite.image.width}, {"height", sprite.image.height}}
                .dump()};
  }
  const SpriteSet set = make_sprite_set(std::move(found), "“" + path + "”");
  const auto groups = duplicate_groups(set);
  const int different = groups.empty() ? 0 : *std::max_element(groups.begin(), groups.end()) + 1;
  std::map<std::string, int> counts;
  int soft = 0;
  for (const auto& sprite : set.sprites) {
    ++counts[set.classes[static_cast<std::size_t>(sprite.class_index)]];
    soft += alpha_kind(sprite.image) == AlphaKind::kSoft;
  }
  std::vector<std::string> lines = {std::to_string(set.sprites.size()) + " sprites of " + std::to_string(set.width) + "×" +
                                        std::to_string(set.height) + " in " + std::to_string(set.classes.size()) + " classes",
                                    std::to_string(static_cast<int>(set.sprites.size()) - different) +
                                        " are near copies of another, " + std::to_string(soft) + " have soft alpha"};
  for (const auto& [name, count] : counts)
    lines.push_back(std::string(name.size() < 24 ? 24 - name.size() : 1, ' ') + name + "  " + std::to_string(count));
  for (const auto& warning : set.warnings) lines.push_back(warning);
  const json document = {{"kind", "data"},         {"path", path},         {"sprites", set.sprites.size()},
                         {"width", set.width},     {"height", set.height}, {"classes", counts},
                         {"different", different}, {"soft_alpha", soft},   {"warnings", set.warnings}};
  return {job, joined_lines(lines), document.dump()};
}

// A text that is none of what can be told apart here is said to be one.
Image inspected_image(const std::string& path) {
  try {
    return read_image(path);
  } catch (const Failure&) {
    const auto source = open_source(path);
    const Bytes start = source->part(0, std::min<std::uint64_t>(source->size(), 512));
    const bool text = !start.empty() && std::all_of(start.begin(), start.end(), [](std::uint8_t byte) {
      return byte >= ' ' || byte == '\n' || byte == '\r' || byte == '\t';
    }) && is_valid_utf8(std::string(start.begin(), start.end()));
    if (has_image_name(path) || !text || kind_of_file(start)) throw;
    throw Failure(ErrorCode::kUnsupported,
                  "“" + std::filesystem::path(path).filename().string() + "” is a text, and nothing that is read here",
                  "choose a model, a set, a sheet, an image, or a palette whose name ends in .hex, .gpl, .pal or .txt");
  }
}

Report report_image(JobId job, const std::string& path) {
  const Image image = inspected_image(path);
  const auto colours = distinct_colours(image).size();
  const AlphaKind alpha = alpha_kind(image);
  const char* alpha_text = alpha == AlphaKind::kNone ? "none" : alpha == AlphaKind::kHard ? "hard" : "soft";
  const json document = {{"kind", "image"},        {"path", path},       {"width", image.width},
                         {"height", image.height}, {"colours", colours}, {"alpha", alpha_text}};
  return {job,
          "an image of " + std::to_string(image.width) + "×" + std::to_string(image.height) + ", " + std::to_string(colours) +
              " colours, alpha: " + alpha_text + "\n",
          document.dump()};
}

// Of the JSON that tells where its sprites are.
Report report_sheet(JobId job, const std::string& path) {
  const SpriteCollection found = read_collection({.path = path});
  std::map<std::string, int> counts;
  std::set<std::string> sizes;
  for (const auto& sprite : found.sprites) {
    ++counts[sprite.class_name];
    sizes.insert(size_text(PixelSize{sprite.image.width, sprite.image.height}));
  }
  const std::size_t n = found.sprites.size();
  std::vector<std::string> lines = {"a sheet of " + std::to_string(n) + (n == 1 ? " sprite" : " sprites") + ", " +
                                    joined({sizes.begin(), sizes.end()}, ", ") + "; `spritekiln dataset` and `train` take it"};
  for (const auto& [name, count] : counts) lines.push_back("  " + name + "  " + std::to_string(count));
  lines.insert(lines.end(), found.notes.begin(), found.notes.end());
  return {job, joined_lines(lines),
          json{{"kind", "sheet"}, {"path", path}, {"sprites", n}, {"sizes", sizes}, {"classes", counts}, {"notes", found.notes}}
              .dump()};
}

Report report_array(JobId job, const std::string& path) {
  const NpyArray array = read_array(path);
  std::string shape;
  for (const auto side : array.shape) shape += (shape.empty() ? "" : "×") + std::to_string(side);
  return {job, "an array of " + shape + " numbers (" + array.dtype + "); `spritekiln dataset` and `train` take arrays of sprites\n",
          json{{"kind", "array"}, {"path", path}, {"shape", array.shape}, {"dtype", array.dtype}}.dump()};
}

Report report_palette(JobId job, const Palette& palette, const std::string& path) {
  return {job, "a palette of " + std::to_string(palette.colours.size()) + " colours, “" + palette.name + "”; --palette takes it\n",
          json{{"kind", "palette"}, {"path", path}, {"name", palette.name}, {"colours", colours_text(palette)}}.dump()};
}

Report report_on(const Inspect& command, ModelCache& models) {
  const std::filesystem::path path(command.path);
  const std::string ending = lower_ending(command.path);
  const bool is_model = ending == ".pth" || ending == ".pt" || ending == ".ckpt" || ending == ".bin" || ending == ".st" ||
                        std::filesystem::exists(path / "config.json") || std::filesystem::exists(path / "unet" / "config.json");
  if (!is_model && std::filesystem::is_directory(path)) return report_folder(command.job, command.path);
  if (is_model || ending == ".safetensors") return report_model(command.job, describe(*models.open(command.path), command.path));
  if (ending == ".npy" || ending == ".npz") return report_array(command.job, command.path);
  for (const char* palette : {".gpl", ".hex", ".pal", ".act", ".txt"}) {
    if (ending == palette) return report_palette(command.job, read_palette(path), command.path);
  }
  if (ending == ".json" && !is_weight_index(path)) return report_sheet(command.job, command.path);
  return report_image(command.job, command.path);
}

}  // namespace

std::shared_ptr<Job> make_job(Inspect command, const JobContext& context) {
  return std::make_shared<OneStepJob>([command = std::move(command), &models = context.models, &outbox = context.outbox] {
    return [&outbox, report = report_on(command, models)]() mutable { outbox.send(std::move(report)); };
  });
}

std::shared_ptr<Job> make_job(OpenModel command, const JobContext& context) {
  return std::make_shared<OneStepJob>([command = std::move(command), &models = context.models, &outbox = context.outbox] {
    ModelOpened opened{command.job, describe(*models.open(command.path), command.path)};
    opened.info.foreign = !is_own_model(command.path);
    return [&outbox, opened = std::move(opened)]() mutable { outbox.send(std::move(opened)); };
  });
}

}  // namespace kiln
