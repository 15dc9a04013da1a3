#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdio>

#include "app/cli/commands.h"
#include "app/cli/output_options.h"
#include "engine/base/error.h"
#include "engine/base/text.h"
#include "engine/formats/image_file.h"
#include "engine/formats/indexed_png.h"
#include "engine/formats/palette_choice.h"
#include "engine/pixelart/palette_fit.h"
#include "engine/pixelart/recolour.h"

namespace kiln {
namespace {

struct RecolourOptions {
  std::string in, out, palette, hue;
  bool indexed = false, force = false;
};

// The palette's own colours, or as many as were asked for, fitted to what is there.
Palette palette_for(const std::string& text, const Image& image) {
  const PaletteChoice choice = read_palette_choice(text);
  return choice.fitted > 0 ? fit_palette({image}, choice.fitted) : choice.palette;
}

void run_recolour(const RecolourOptions& options) {
  if (options.palette.empty() && options.hue.empty())
    throw Failure(ErrorCode::kInvalidArgument, "nothing says which colours the sprites are to have",
                  "give --palette, or --hue, or both");
  double degrees = 0;
  if (!options.hue.empty()) {
    const auto number = parse_real(options.hue);
    if (!number || *number < -360 || *number > 360)
      throw Failure(ErrorCode::kInvalidArgument, "--hue “" + options.hue + "” is no angle", "give degrees from -360 to 360");
    degrees = *number;
  }
  check_new_picture("--out", options.out, options.force);
  const Image image = read_image(options.in);
  const std::vector<Rgb8> colours = visible_colours({image});
  ColourMap map = turn_hue(colours, degrees);
  std::vector<Rgb8> order;
  if (!options.palette.empty()) {
    std::vector<Rgb8> turned;
    for (const auto& [from, to] : map) turned.push_back(to);
    const Palette palette = palette_for(options.palette, image);
    map = then(map, match_ramps(turned, palette));
    order = palette.colours;
  }
  const Image out = recoloured(image, map);
  if (options.indexed)
    write_file(options.out, encode_indexed_png(out, indexed_palette({out}, order)));
  else
    write_png(options.out, out);
  std::printf("%s: %zu colours became %zu\n", options.out.c_str(), colours.size(), visible_colours({out}).size());
}

}  // namespace

void add_recolour_command(CLI::App& command, EngineRunner&) {
  const auto options = std::make_shared<RecolourOptions>();
  command.add_option("in", options->in, "A sprite or a sheet: PNG, Aseprite, GIF, WebP, BMP")->required()->type_name("FILE");
  command.add_option("--out", options->out, "The PNG to write")->required()->type_name("FILE.png");
  command
      .add_option("--palette", options->palette,
                  "A palette file, colours as #1a1c2c,#5d275d or auto:16: each ramp of shades becomes this palette's, in its order")
      ->type_name("FILE");
  command.add_option("--hue", options->hue, "Turn all hues by so many degrees first, lightness kept")->type_name("DEGREES");
  command.add_flag("--indexed", options->indexed,
                   "Writes a PNG of at most 256 colours with its palette, in the order of --palette");
  add_force(command, options->force);
  command.callback([options] { run_recolour(*options); });
}

}  // namespace kiln
