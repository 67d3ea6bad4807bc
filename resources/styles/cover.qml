<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.40.0" styleCategories="Symbology|Labeling|Fields|Forms" labelsEnabled="1">
 <renderer-v2 type="categorizedSymbol" attr="code_cs" symbollevels="0">
  <categories>
   <category value="CS1.1.1.1" type="string" label="CS1.1.1.1 Zones bâties" symbol="0" render="true" />
   <category value="CS1.1.1.2" type="string" label="CS1.1.1.2 Zones non bâties" symbol="1" render="true" />
   <category value="CS1.1.2.1" type="string" label="CS1.1.2.1 Zones à matériaux minéraux" symbol="2" render="true" />
   <category value="CS1.1.2.2" type="string" label="CS1.1.2.2 Zones à autres matériaux composites" symbol="3" render="true" />
   <category value="CS1.2.1" type="string" label="CS1.2.1 Sols nus" symbol="4" render="true" />
   <category value="CS1.2.2" type="string" label="CS1.2.2 Surfaces d'eau" symbol="5" render="true" />
   <category value="CS1.2.3" type="string" label="CS1.2.3 Névés et glaciers" symbol="6" render="true" />
   <category value="CS2.1.1.1" type="string" label="CS2.1.1.1 Peuplements de feuillus" symbol="7" render="true" />
   <category value="CS2.1.1.2" type="string" label="CS2.1.1.2 Peuplements de conifères" symbol="8" render="true" />
   <category value="CS2.1.1.3" type="string" label="CS2.1.1.3 Peuplements mixtes" symbol="9" render="true" />
   <category value="CS2.1.2" type="string" label="CS2.1.2 Formations arbustives et sous-arbrisseaux" symbol="10" render="true" />
   <category value="CS2.1.3" type="string" label="CS2.1.3 Autres formations ligneuses" symbol="11" render="true" />
   <category value="CS2.2.1" type="string" label="CS2.2.1 Formations herbacées" symbol="12" render="true" />
   <category value="CS2.2.2" type="string" label="CS2.2.2 Autres formations non ligneuses" symbol="13" render="true" />
  </categories>
  <symbols>
   <symbol type="fill" alpha="1" clip_to_extent="1" force_rhr="0" name="0">
    <layer class="SimpleFill" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="color" value="255,55,122,255" />
      <Option type="QString" name="style" value="solid" />
      <Option type="QString" name="outline_color" value="60,60,60,90" />
      <Option type="QString" name="outline_style" value="solid" />
      <Option type="QString" name="outline_width" value="0.1" />
      <Option type="QString" name="outline_width_unit" value="MM" />
     </Option>
    </layer>
   </symbol>
   <symbol type="fill" alpha="1" clip_to_extent="1" force_rhr="0" name="1">
    <layer class="SimpleFill" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="color" value="255,145,145,255" />
      <Option type="QString" name="style" value="solid" />
      <Option type="QString" name="outline_color" value="60,60,60,90" />
      <Option type="QString" name="outline_style" value="solid" />
      <Option type="QString" name="outline_width" value="0.1" />
      <Option type="QString" name="outline_width_unit" value="MM" />
     </Option>
    </layer>
   </symbol>
   <symbol type="fill" alpha="1" clip_to_extent="1" force_rhr="0" name="2">
    <layer class="SimpleFill" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="color" value="255,255,153,255" />
      <Option type="QString" name="style" value="solid" />
      <Option type="QString" name="outline_color" value="60,60,60,90" />
      <Option type="QString" name="outline_style" value="solid" />
      <Option type="QString" name="outline_width" value="0.1" />
      <Option type="QString" name="outline_width_unit" value="MM" />
     </Option>
    </layer>
   </symbol>
   <symbol type="fill" alpha="1" clip_to_extent="1" force_rhr="0" name="3">
    <layer class="SimpleFill" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="color" value="166,77,0,255" />
      <Option type="QString" name="style" value="solid" />
      <Option type="QString" name="outline_color" value="60,60,60,90" />
      <Option type="QString" name="outline_style" value="solid" />
      <Option type="QString" name="outline_width" value="0.1" />
      <Option type="QString" name="outline_width_unit" value="MM" />
     </Option>
    </layer>
   </symbol>
   <symbol type="fill" alpha="1" clip_to_extent="1" force_rhr="0" name="4">
    <layer class="SimpleFill" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="color" value="204,204,204,255" />
      <Option type="QString" name="style" value="solid" />
      <Option type="QString" name="outline_color" value="60,60,60,90" />
      <Option type="QString" name="outline_style" value="solid" />
      <Option type="QString" name="outline_width" value="0.1" />
      <Option type="QString" name="outline_width_unit" value="MM" />
     </Option>
    </layer>
   </symbol>
   <symbol type="fill" alpha="1" clip_to_extent="1" force_rhr="0" name="5">
    <layer class="SimpleFill" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="color" value="0,204,242,255" />
      <Option type="QString" name="style" value="solid" />
      <Option type="QString" name="outline_color" value="60,60,60,90" />
      <Option type="QString" name="outline_style" value="solid" />
      <Option type="QString" name="outline_width" value="0.1" />
      <Option type="QString" name="outline_width_unit" value="MM" />
     </Option>
    </layer>
   </symbol>
   <symbol type="fill" alpha="1" clip_to_extent="1" force_rhr="0" name="6">
    <layer class="SimpleFill" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="color" value="166,230,204,255" />
      <Option type="QString" name="style" value="solid" />
      <Option type="QString" name="outline_color" value="60,60,60,90" />
      <Option type="QString" name="outline_style" value="solid" />
      <Option type="QString" name="outline_width" value="0.1" />
      <Option type="QString" name="outline_width_unit" value="MM" />
     </Option>
    </layer>
   </symbol>
   <symbol type="fill" alpha="1" clip_to_extent="1" force_rhr="0" name="7">
    <layer class="SimpleFill" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="color" value="128,255,0,255" />
      <Option type="QString" name="style" value="solid" />
      <Option type="QString" name="outline_color" value="60,60,60,90" />
      <Option type="QString" name="outline_style" value="solid" />
      <Option type="QString" name="outline_width" value="0.1" />
      <Option type="QString" name="outline_width_unit" value="MM" />
     </Option>
    </layer>
   </symbol>
   <symbol type="fill" alpha="1" clip_to_extent="1" force_rhr="0" name="8">
    <layer class="SimpleFill" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="color" value="0,166,0,255" />
      <Option type="QString" name="style" value="solid" />
      <Option type="QString" name="outline_color" value="60,60,60,90" />
      <Option type="QString" name="outline_style" value="solid" />
      <Option type="QString" name="outline_width" value="0.1" />
      <Option type="QString" name="outline_width_unit" value="MM" />
     </Option>
    </layer>
   </symbol>
   <symbol type="fill" alpha="1" clip_to_extent="1" force_rhr="0" name="9">
    <layer class="SimpleFill" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="color" value="128,190,0,255" />
      <Option type="QString" name="style" value="solid" />
      <Option type="QString" name="outline_color" value="60,60,60,90" />
      <Option type="QString" name="outline_style" value="solid" />
      <Option type="QString" name="outline_width" value="0.1" />
      <Option type="QString" name="outline_width_unit" value="MM" />
     </Option>
    </layer>
   </symbol>
   <symbol type="fill" alpha="1" clip_to_extent="1" force_rhr="0" name="10">
    <layer class="SimpleFill" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="color" value="166,255,128,255" />
      <Option type="QString" name="style" value="solid" />
      <Option type="QString" name="outline_color" value="60,60,60,90" />
      <Option type="QString" name="outline_style" value="solid" />
      <Option type="QString" name="outline_width" value="0.1" />
      <Option type="QString" name="outline_width_unit" value="MM" />
     </Option>
    </layer>
   </symbol>
   <symbol type="fill" alpha="1" clip_to_extent="1" force_rhr="0" name="11">
    <layer class="SimpleFill" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="color" value="230,128,0,255" />
      <Option type="QString" name="style" value="solid" />
      <Option type="QString" name="outline_color" value="60,60,60,90" />
      <Option type="QString" name="outline_style" value="solid" />
      <Option type="QString" name="outline_width" value="0.1" />
      <Option type="QString" name="outline_width_unit" value="MM" />
     </Option>
    </layer>
   </symbol>
   <symbol type="fill" alpha="1" clip_to_extent="1" force_rhr="0" name="12">
    <layer class="SimpleFill" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="color" value="204,242,77,255" />
      <Option type="QString" name="style" value="solid" />
      <Option type="QString" name="outline_color" value="60,60,60,90" />
      <Option type="QString" name="outline_style" value="solid" />
      <Option type="QString" name="outline_width" value="0.1" />
      <Option type="QString" name="outline_width_unit" value="MM" />
     </Option>
    </layer>
   </symbol>
   <symbol type="fill" alpha="1" clip_to_extent="1" force_rhr="0" name="13">
    <layer class="SimpleFill" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="color" value="204,255,204,255" />
      <Option type="QString" name="style" value="solid" />
      <Option type="QString" name="outline_color" value="60,60,60,90" />
      <Option type="QString" name="outline_style" value="solid" />
      <Option type="QString" name="outline_width" value="0.1" />
      <Option type="QString" name="outline_width_unit" value="MM" />
     </Option>
    </layer>
   </symbol>
  </symbols>
 </renderer-v2>
 <labeling type="simple">
  <settings calloutType="simple">
   <text-style fieldName="&quot;code_cs&quot;" isExpression="1" fontFamily="Open Sans" fontSize="7" fontSizeUnit="Point" textColor="20,20,20,255" namedStyle="SemiBold" fontWeight="63" useSubstitutions="0" multilineHeight="1">
    <text-buffer bufferDraw="1" bufferSize="0.7" bufferSizeUnits="MM" bufferColor="255,255,255,215" bufferOpacity="0.85" bufferNoFill="1" bufferJoinStyle="128" />
   </text-style>
   <placement placement="4" distUnits="MM" priority="5" centroidInside="1" fitInPolygonOnly="1" />
   <rendering scaleVisibility="1" scaleMax="5000" scaleMin="0" drawLabels="1" obstacle="1" obstacleFactor="1" limitNumLabels="0" displayAll="0" fontLimitPixelSize="0" mergeLines="0" labelPerPart="0" upsidedownLabels="0" zIndex="0" />
  </settings>
 </labeling>
 <fieldConfiguration>
  <field name="code_cs">
   <editWidget type="ValueMap">
    <config>
     <Option type="Map">
      <Option type="List" name="map">
       <Option type="Map">
        <Option type="QString" name="CS1.1.1.1 Zones bâties" value="CS1.1.1.1" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS1.1.1.2 Zones non bâties" value="CS1.1.1.2" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS1.1.2.1 Zones à matériaux minéraux" value="CS1.1.2.1" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS1.1.2.2 Zones à autres matériaux composites" value="CS1.1.2.2" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS1.2.1 Sols nus" value="CS1.2.1" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS1.2.2 Surfaces d'eau" value="CS1.2.2" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS1.2.3 Névés et glaciers" value="CS1.2.3" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS2.1.1.1 Peuplements de feuillus" value="CS2.1.1.1" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS2.1.1.2 Peuplements de conifères" value="CS2.1.1.2" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS2.1.1.3 Peuplements mixtes" value="CS2.1.1.3" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS2.1.2 Formations arbustives et sous-arbrisseaux" value="CS2.1.2" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS2.1.3 Autres formations ligneuses" value="CS2.1.3" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS2.2.1 Formations herbacées" value="CS2.2.1" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS2.2.2 Autres formations non ligneuses" value="CS2.2.2" />
       </Option>
      </Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="code_us">
   <editWidget type="ValueMap">
    <config>
     <Option type="Map">
      <Option type="List" name="map">
       <Option type="Map">
        <Option type="QString" name="US1.1 Agriculture" value="US1.1" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="US1.2 Sylviculture" value="US1.2" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="US1.3 Activités d'extraction" value="US1.3" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="US1.4 Pêche et aquaculture" value="US1.4" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="US1.5 Autres productions primaires" value="US1.5" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="US235 Production secondaire, tertiaire et usage résidentiel" value="US235" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="US2 Production secondaire" value="US2" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="US3 Production tertiaire" value="US3" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="US5 Usage résidentiel" value="US5" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="US4.1.1 Réseaux routiers" value="US4.1.1" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="US4.1.2 Réseaux ferrés" value="US4.1.2" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="US4.1.3 Réseaux aériens" value="US4.1.3" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="US4.1.4 Réseaux de transport fluvial et maritime" value="US4.1.4" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="US4.1.5 Autres réseaux de transport" value="US4.1.5" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="US4.2 Services de logistique et de stockage" value="US4.2" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="US4.3 Réseaux d'utilité publique" value="US4.3" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="US6.1 Zones en transition" value="US6.1" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="US6.2 Zones abandonnées" value="US6.2" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="US6.3 Sans usage" value="US6.3" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="US6.6 Usage inconnu" value="US6.6" />
       </Option>
      </Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="runner_up_cs">
   <editWidget type="ValueMap">
    <config>
     <Option type="Map">
      <Option type="List" name="map">
       <Option type="Map">
        <Option type="QString" name="CS1.1.1.1 Zones bâties" value="CS1.1.1.1" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS1.1.1.2 Zones non bâties" value="CS1.1.1.2" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS1.1.2.1 Zones à matériaux minéraux" value="CS1.1.2.1" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS1.1.2.2 Zones à autres matériaux composites" value="CS1.1.2.2" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS1.2.1 Sols nus" value="CS1.2.1" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS1.2.2 Surfaces d'eau" value="CS1.2.2" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS1.2.3 Névés et glaciers" value="CS1.2.3" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS2.1.1.1 Peuplements de feuillus" value="CS2.1.1.1" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS2.1.1.2 Peuplements de conifères" value="CS2.1.1.2" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS2.1.1.3 Peuplements mixtes" value="CS2.1.1.3" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS2.1.2 Formations arbustives et sous-arbrisseaux" value="CS2.1.2" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS2.1.3 Autres formations ligneuses" value="CS2.1.3" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS2.2.1 Formations herbacées" value="CS2.2.1" />
       </Option>
       <Option type="Map">
        <Option type="QString" name="CS2.2.2 Autres formations non ligneuses" value="CS2.2.2" />
       </Option>
      </Option>
     </Option>
    </config>
   </editWidget>
  </field>
 </fieldConfiguration>
 <aliases>
  <alias field="id" index="1" name="Identifiant" />
  <alias field="code_cs" index="2" name="Couverture" />
  <alias field="code_us" index="3" name="Usage" />
  <alias field="millesime" index="4" name="Millésime" />
  <alias field="source" index="5" name="Source" />
  <alias field="ossature" index="6" name="Ossature" />
  <alias field="id_origine" index="7" name="Identifiant d'origine" />
  <alias field="code_or" index="8" name="Code d'origine" />
  <alias field="area_m2" index="9" name="Surface (m²)" />
  <alias field="confidence" index="10" name="Confiance" />
  <alias field="margin" index="11" name="Marge" />
  <alias field="runner_up_cs" index="12" name="Deuxième couverture" />
  <alias field="undecided_share" index="13" name="Part indécise" />
  <alias field="cs_rule" index="14" name="Règle de la couverture" />
  <alias field="us_rule" index="15" name="Règle de l'usage" />
  <alias field="us_confidence" index="16" name="Confiance de l'usage" />
  <alias field="excuse" index="17" name="Dispense de seuil" />
  <alias field="merged_share" index="18" name="Part généralisée" />
  <alias field="disagree_share" index="19" name="Part en désaccord" />
  <alias field="expected_error" index="20" name="Risque d'erreur" />
  <alias field="margin_of" index="21" name="Marge : lot d'origine" />
 </aliases>
</qgis>
