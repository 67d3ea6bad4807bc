<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.40.0" styleCategories="Symbology|Labeling|Fields|Forms" labelsEnabled="0">
 <renderer-v2 type="singleSymbol" symbollevels="0">
  <symbols>
   <symbol type="fill" alpha="1" clip_to_extent="1" force_rhr="0" name="0">
    <layer class="SimpleFill" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="style" value="no" />
      <Option type="QString" name="outline_color" value="230,0,77,255" />
      <Option type="QString" name="outline_style" value="dash" />
      <Option type="QString" name="outline_width" value="0.5" />
      <Option type="QString" name="outline_width_unit" value="MM" />
     </Option>
    </layer>
   </symbol>
  </symbols>
 </renderer-v2>
 <fieldConfiguration />
 <aliases>
  <alias field="id" index="1" name="Identifiant" />
  <alias field="millesime" index="2" name="Millésime" />
  <alias field="area_m2" index="3" name="Surface (m²)" />
 </aliases>
</qgis>
