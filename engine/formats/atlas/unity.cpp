#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <span>

#include "engine/base/sha256.h"
#include "engine/formats/atlas/kinds.h"

// The import settings that Unity keeps beside a texture, with a slice for each sprite; for pixel art: no filter, no compression.
// GUID and identifiers follow from the sheet and the names, so that the same export is the same file; a GUID that Unity has given
// already is kept, since scenes refer to it.

namespace kiln {
namespace {

constexpr std::size_t kGuidLength = 32;

std::string hash_of(const std::string& text) {
  return sha256_hex({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

std::string guid_in(std::string_view before) {
  const auto at = before.find("\nguid: ");
  if (at == std::string_view::npos) return {};
  const std::string guid(before.substr(at + 7, kGuidLength));
  const bool whole = guid.size() == kGuidLength && guid.find_first_not_of("0123456789abcdef") == std::string::npos;
  return whole ? guid : std::string();
}

// A number of 63 bits that is not zero.
std::string internal_id(const std::string& name) {
  const std::uint64_t bits = std::stoull(hash_of(name).substr(0, 16), nullptr, 16);
  return std::to_string((bits >> 1) | 1);
}

// YAML takes JSON's quotes.
std::string yaml_text(const std::string& text) {
  const bool plain =
      !text.empty() &&
      text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == std::string::npos &&
      (text.front() < '0' || text.front() > '9');
  return plain ? text : nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.7g", value);
  return text;
}

// Unity counts from the lower edge. The pivot is the middle of the whole sprite.
std::string slice_text(const AtlasFrame& frame, int sheet_height) {
  const Rect& area = frame.area;
  const double x = frame.full_width / 2.0 - frame.place.x + frame.inner(),
               y = frame.full_height / 2.0 - frame.place.y + frame.inner();
  const std::string pivot = "{x: " + number(x / area.width) + ", y: " + number(1 - y / area.height) + "}";
  return "    - serializedVersion: 2\n      name: " + yaml_text(frame.name) +
         "\n      rect:\n        serializedVersion: 2\n        x: " + std::to_string(area.x) +
         "\n        y: " + std::to_string(sheet_height - area.y - area.height) + "\n        width: " + std::to_string(area.width) +
         "\n        height: " + std::to_string(area.height) + "\n      alignment: " + (frame.trimmed() ? "9" : "0") +
         "\n      pivot: " + pivot +
         "\n      border: {x: 0, y: 0, z: 0, w: 0}\n      outline: []\n      physicsShape: []\n      tessellationDetail: 0\n"
         "      bones: []\n      spriteID: " +
         hash_of(frame.name).substr(0, kGuidLength) + "\n      internalID: " + internal_id(frame.name) +
         "\n      vertices: []\n      indices: \n      edges: []\n      weights: []\n";
}

std::string texture_text(const AtlasSheet& sheet) {
  int most = 2048;
  while (most < std::max(sheet.width, sheet.height)) most *= 2;
  const std::string size = std::to_string(most), unit = std::to_string(sheet.frames.front().full_height);
  return "  externalObjects: {}\n  serializedVersion: 11\n"
         "  mipmaps:\n    mipMapMode: 0\n    enableMipMap: 0\n    sRGBTexture: 1\n    linearTexture: 0\n"
         "  isReadable: 0\n"
         "  textureSettings:\n    serializedVersion: 2\n    filterMode: 0\n    aniso: 1\n    mipBias: 0\n"
         "    wrapU: 1\n    wrapV: 1\n    wrapW: 1\n"
         "  nPOTScale: 0\n  spriteMode: 2\n  spriteExtrude: 1\n  spriteMeshType: 0\n  alignment: 0\n"
         "  spritePivot: {x: 0.5, y: 0.5}\n  spritePixelsToUnits: " +
         unit +
         "\n  spriteBorder: {x: 0, y: 0, z: 0, w: 0}\n  alphaUsage: 1\n  alphaIsTransparency: 1\n"
         "  textureType: 8\n  textureShape: 1\n  maxTextureSize: " +
         size +
         "\n  platformSettings:\n  - serializedVersion: 3\n    buildTarget: DefaultTexturePlatform\n    maxTextureSize: " + size +
         "\n    resizeAlgorithm: 0\n    textureFormat: -1\n    textureCompression: 0\n    compressionQuality: 50\n"
         "    crunchedCompression: 0\n    overridden: 0\n";
}

}  // namespace

std::string encode_unity(const AtlasSheet& sheet, std::string_view before) {
  std::string guid = guid_in(before);
  if (guid.empty()) guid = hash_of(sheet.image + sheet.hash).substr(0, kGuidLength);
  std::string names, slices, table;
  for (const AtlasFrame& frame : sheet.frames) {
    const std::string name = yaml_text(frame.name), id = internal_id(frame.name);
    names.append("  - first:\n      213: ").append(id).append("\n    second: ").append(name).append("\n");
    slices += slice_text(frame, sheet.height);
    table.append("      ").append(name).append(": ").append(id).append("\n");
  }
  return "fileFormatVersion: 2\nguid: " + guid + "\nTextureImporter:\n  internalIDToNameTable:\n" + names + texture_text(sheet) +
         "  spriteSheet:\n    serializedVersion: 2\n    sprites:\n" + slices +
         "    outline: []\n    physicsShape: []\n    bones: []\n    spriteID: \n    internalID: 0\n    vertices: []\n"
         "    indices: \n    edges: []\n    weights: []\n    nameFileIdTable:\n" +
         table + "  userData: \n  assetBundleName: \n  assetBundleVariant: \n";
}

}  // namespace kiln
